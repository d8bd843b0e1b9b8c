"""Some dozens of lines, enough to see that what is taught is learnt."""

from __future__ import annotations

from voice.nlu.learnt.corpus import CorpusLine, parse
from voice.nlu.learnt.linear_training import LinearRecipe
from voice.nlu.learnt.training import TrainingRecipe

_LINES = """
start|search|найди мне {title:тихий дон}
start|search|найди мне {title:обломова}
start|search|найди мне {title:каштанку}
start|search|маған {author:абайдың} өлеңдерін табыңыз
start|search|find me {title:pride and prejudice}
start|search|нет ли у вас {title:капитанской дочки}
start|search|{title:көксерек} деген кітап бар ма
start|search|do you have {title:emma} in {format=audio:audio}
start|search|{title:плаха} в {format=audio:аудио} есть
start|search|{title:абай жолы} {language=kk:қазақша} керек
results|select|{n=2:екіншісін} ашыңыз
results|select|откройте {n=1:первую} пожалуйста
results|select|open the {n=3:third} one
results|select|{n=-1:соңғысы} болсын
results|select|давайте {n=-1:последнюю}
results|more|о чём она
results|more|ол не туралы
results|more|what is it about
results|next|келесі
results|next|дальше
results|next|next please
record|reserve|отложите её для меня
record|reserve|осыны броньдап қойыңыз
record|reserve|put it on hold for me
record|deliver|привезите домой
record|deliver|үйге жеткізіңіз
record|deliver|bring it to my house
confirm_hold|yes|иә дұрыс
confirm_hold|yes|да всё верно
confirm_hold|yes|yes that is right
confirm_hold|no|жоқ керек емес
confirm_hold|no|нет не надо
confirm_hold|no|no leave it
start|hours|до скольки вы работаете
start|hours|сағат нешеде жабыласыздар
start|hours|what time do you close
start|library_question.fines|какой штраф за опоздание
start|library_question.fines|кешіктірсем айыппұл бар ма
start|library_question.fines|is there a fine
start|other|нан алып келдің бе
start|other|сынок поставь чайник
start|other|turn the radio down
results|correction+select|нет не первую а {n=2:вторую}
results|correction+select|жоқ {n=1:біріншісі} емес {n=3:үшіншісі}
results|select+deliver|открой {n=2:вторую} || и привези её домой
results|select+reserve|{n=1:біріншісін} ашыңыз || сосын броньдап қойыңыз
results|select+deliver|открой {n=1:первую} || и привезите домой
results|more+deliver|о чём она || и привези её домой
results|select+reserve|{n=3:үшіншісін} ашыңыз || сосын броньдап қойыңызшы
results|select+deliver|open the {n=2:second} one || and bring it to my house
record|reserve+hours|отложите её для меня || и до скольки вы работаете
"""

SMALL = TrainingRecipe(
    intents=LinearRecipe(epochs=12, least=1),
    gaps=LinearRecipe(epochs=6, least=1, normed=False, rate=0.1),
    corrections=LinearRecipe(epochs=12, least=1),
    joined_share=1.0,
    tagger_epochs=12,
)


def tiny_lines() -> list[CorpusLine]:
    """Lines with the intents mixed, as those of writers are."""
    lines = [parse(line.replace("|", "\t", 2)) for line in _LINES.strip().splitlines()]
    return [line for start in range(3) for line in lines[start::3]]
