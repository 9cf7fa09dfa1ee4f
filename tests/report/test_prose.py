"""Two languages side by side."""

from fer_nb.report.prose import Heading, Prose, divided, prose


def test_a_pair_becomes_bilingual_headings_with_both_texts_below_each():
    pair = [("zh", "# 題目\n\n文字\n\n## 資料\n\n更多"), ("en", "# Question\n\nwords\n\n## Data\n\nmore")]
    assert prose(pair) == [
        Heading(1, {"zh": "題目", "en": "Question"}),
        Prose("文字", "zh"),
        Prose("words", "en"),
        Heading(2, {"zh": "資料", "en": "Data"}),
        Prose("更多", "zh"),
        Prose("more", "en"),
    ]


def test_two_pairs_in_a_row_stay_apart():
    spoken = [("zh", "甲"), ("en", "a"), ("zh", "乙"), ("en", "b")]
    assert [block.markdown for block in prose(spoken)] == ["甲", "a", "乙", "b"]


def test_texts_whose_headings_differ_follow_one_another_each_in_its_language():
    blocks = prose([("zh", "## 一\n\n甲\n\n### 二\n\n乙"), ("en", "## one\n\na")])
    assert [block.text for block in blocks if isinstance(block, Heading)] == [
        {"zh": "一"},
        {"zh": "二"},
        {"en": "one"},
    ]


def test_text_without_a_language_is_for_all():
    assert prose([(None, "# FER2013\n\n$x$")]) == [
        Heading(1, {"zh": "FER2013", "en": "FER2013"}),
        Prose("$x$", None),
    ]


def test_a_number_sign_in_fenced_code_is_no_heading():
    text = "```python\n# a comment\n```\n~~~\n# another\n~~~\n# heading"
    assert [(level, heading) for level, heading, _ in divided(text)] == [(0, ""), (1, "heading")]


def test_a_number_sign_without_a_blank_is_no_heading_and_closing_signs_are_dropped():
    assert [(level, heading) for level, heading, _ in divided("#hash\n\n## a ##")] == [(0, ""), (2, "a")]


def test_an_empty_text_leaves_nothing():
    assert prose([("zh", "\n"), ("en", "")]) == []
