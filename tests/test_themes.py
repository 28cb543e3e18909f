"""Themes of problems and improvements, by the linear model over n-grams."""

import numpy as np
import pytest
from gongkai.annotations.labelled import LabelledProblem, LabelledText
from gongkai.models.theme_model import ThemeModel, grams_of, tensors_of, theme_model_of
from gongkai.training.theme_training import Statement, fit_themes, statements_of, theme_threshold
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

STAFF, TRAINING, TIMELINESS = range(3)
TOLD: list[Statement] = [
    ("公开工作人员力量不足", (STAFF,)),
    ("专职人员少，流动大", (STAFF,)),
    ("兼职人员业务不熟，缺少培训", (STAFF, TRAINING)),
    ("业务培训开展不多", (TRAINING,)),
    ("加强业务培训，提高水平", (TRAINING,)),
    ("信息更新不够及时", (TIMELINESS,)),
    ("个别栏目更新不及时", (TIMELINESS,)),
    ("及时更新信息，增加人员", (TIMELINESS, STAFF)),
]


@pytest.fixture(scope="module")
def model() -> ThemeModel:
    return fit_themes(TOLD, 4)


def test_statements_in_other_words_get_their_themes(model: ThemeModel):
    chances = model.chances(["网站更新不及时", "缺少专职人员", "没有组织培训"])
    assert chances[:, :3].argmax(-1).tolist() == [TIMELINESS, STAFF, TRAINING]


def test_a_statement_can_have_several_themes_and_a_theme_never_seen_is_never_told(model: ThemeModel):
    (chances,) = model.chances(["兼职人员缺少培训"])
    assert chances[STAFF] > 0.5 and chances[TRAINING] > 0.5
    assert chances[3] < 0.01


def test_line_breaks_and_blanks_do_not_change_the_themes(model: ThemeModel):
    np.testing.assert_array_equal(model.chances(["更新 不够\n及 时"]), model.chances(["更新不够及时"]))


def test_a_statement_of_unknown_characters_or_none_still_gets_probabilities(model: ThemeModel):
    assert model.chances(["𠀀𠀁", ""]).shape == (2, 4)
    assert model.chances([]).shape == (0, 4)


@given(st.lists(st.text("公开及时更新人员培训不足，。 \n", max_size=40), min_size=1, max_size=5))
def test_the_features_are_those_of_scikit_learn(texts: list[str]):
    vectorizer = TfidfVectorizer(analyzer=grams_of, min_df=2, sublinear_tf=True)
    vectorizer.fit([text for text, _ in TOLD])
    grams = vectorizer.vocabulary_
    itself = np.eye(len(grams), dtype=np.float32)  # weights that show the features as scores
    model = ThemeModel(grams, vectorizer.idf_.astype(np.float32), itself, np.zeros(len(grams), np.float32))
    wanted = 1 / (1 + np.exp(-vectorizer.transform(texts).toarray()))
    np.testing.assert_allclose(model.chances(texts), wanted, atol=1e-5)


def test_the_saved_model_says_the_same(model: ThemeModel):
    texts = [text for text, _ in TOLD]
    np.testing.assert_allclose(
        theme_model_of(tensors_of(model)).chances(texts), model.chances(texts), atol=0.01
    )


def test_without_statements_no_theme_is_likely():
    model = theme_model_of(tensors_of(fit_themes([], 3)))
    assert (model.chances(["更新不够及时"]) < 0.01).all()


def test_the_threshold_gives_the_best_themes(model: ThemeModel):
    threshold = theme_threshold(model, [TOLD])
    chances = model.chances([text for text, _ in TOLD])
    assert [tuple(np.flatnonzero(row >= threshold)) for row in chances] == [
        tuple(sorted(themes)) for _, themes in TOLD
    ]
    assert theme_threshold(model, [[]]) == 0.5


def test_statements_are_learned_in_their_normal_form():
    text = LabelledText(
        id="a",
        text="一是公开１２不够及时。",
        problems=(LabelledProblem(start=2, end=10, themes=("timeliness",)),),
    )
    assert statements_of([text], ("staff", "timeliness")) == [("公开12不够及时", (1,))]
