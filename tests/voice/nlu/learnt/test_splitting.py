"""The judge of a second part: what it learns from evidence, and how inclined it is to split."""

from __future__ import annotations

import numpy as np

from voice.nlu.learnt.splitting import SplitCandidate, best_bias, boundary, fitted, with_bias

JUDGE = [0.0, 1.0]


def candidate(at: int, worth: float) -> SplitCandidate:
    return SplitCandidate(at, np.asarray([1.0, worth]))


def test_the_evidence_that_tells_apart_is_weighed() -> None:
    evidence = [np.asarray([1.0, worth]) for worth in (-2.0, -1.5, -1.0, 1.0, 1.5, 2.0)]
    judge = fitted(evidence, [False, False, False, True, True, True])
    assert judge[1] > 0.5
    assert abs(judge[0]) < 0.1


def test_nothing_is_learnt_where_nothing_differs() -> None:
    assert fitted([np.asarray([1.0, 1.0])], [True]) == []
    assert fitted([np.asarray([1.0, 1.0])], [False]) == []


def test_the_likeliest_gap_is_taken_and_only_if_it_is_likely() -> None:
    assert boundary([candidate(2, 0.5), candidate(4, 1.5)], JUDGE) == 4
    assert boundary([candidate(2, -0.5)], JUDGE) is None
    assert boundary([], JUDGE) is None
    assert boundary([candidate(2, 9.0)], []) is None


def test_the_bias_lies_where_the_fewest_faults_are() -> None:
    sentences = [
        ([candidate(2, 3.0)], 2),
        ([candidate(3, 2.0)], 3),
        ([candidate(2, 1.0)], None),
        ([candidate(2, 0.5)], None),
        ([candidate(4, 0.4)], 4),
    ]
    judge = with_bias(JUDGE, best_bias(sentences, JUDGE, missed=1.5))
    assert [boundary(found, judge) for found, _ in sentences] == [2, 3, None, None, None]


def test_a_missed_part_that_counts_more_makes_it_more_inclined() -> None:
    sentences = [([candidate(2, 1.0)], None), ([candidate(4, 0.4)], 4)]
    judge = with_bias(JUDGE, best_bias(sentences, JUDGE, missed=3.0))
    assert boundary(sentences[1][0], judge) == 4


def test_a_split_in_the_wrong_place_is_no_gain() -> None:
    sentences = [([candidate(2, 1.0)], 3)]
    judge = with_bias(JUDGE, best_bias(sentences, JUDGE, missed=3.0))
    assert boundary(sentences[0][0], judge) is None
