"""The known words of the narrative."""

from gongkai.extraction.narrative.lexicon import lexicon

TEXT = "通过门户网站发布信息203条,召开新闻发布会3场,微博发布12条。"


def test_words_of_a_part_of_a_text_stand_where_they_do_in_the_whole():
    words = lexicon()
    whole = words.find(TEXT, 0, len(TEXT))
    assert [TEXT[word.start : word.end] for word in whole] == [word.word for word in whole]
    comma = TEXT.index(",")
    part = words.find(TEXT, comma, TEXT.rindex(","))
    assert part
    assert part == [word for word in whole if comma < word.start < TEXT.rindex(",")]
    assert (
        words.find(TEXT * 1000, len(TEXT) * 500 + comma, len(TEXT) * 501)[0].start
        == len(TEXT) * 500 + part[0].start
    )
