"""Writes speech models that Vosk loads, with the standard library and numpy alone: no Kaldi, no OpenFst.

    acoustic.py     am/final.mdl: units, their hidden states, a feed-forward network
    transducer.py   a weighted transducer in OpenFst's binary form
    lexicon.py      graph/HCLr.fst: which rows of units are which words
    grammar.py      graph/Gr.fst: which words follow which, a bigram with backoff
    directory.py    the folder that `vosk.Model(path)` opens
    binary.py       Kaldi's binary tokens, numbers and matrices

Everything was found by reading the reader: Kaldi's `transition-model.cc`, `nnet-nnet.cc`, OpenFst's `vector-fst.h` and
Vosk's `model.cc` (0.3.45).
"""
