from fer_nb.findings.semi import listings
from fer_nb.learning.semi.hiding import Judgement
from fer_nb.learning.semi.protocols import PROTOCOLS, get_protocol


def test_every_protocol_is_told_in_both_languages():
    table = listings.protocol_table(PROTOCOLS)
    assert list(table.columns[1:]) == ["report_b", "report_c", "iterated", "fixmatch"]
    kept = table.iloc[2]
    assert kept["report_b"].en == "probability above 0.9"
    assert kept["report_c"].en == "probability at least 0.5"
    assert kept["iterated"].zh == "每輪各類別最有把握的 20%, 40%, 60%"
    assert "7 unlabelled images for each labelled one" in kept["fixmatch"].en
    assert table.iloc[3]["report_b"].zh == "40，再接著 10"
    only = listings.protocol_table({"x": get_protocol("report_c+transductive")})
    assert only.iloc[4]["x"]


def test_arms_have_their_images_steps_mean_and_deviation(make_outcome):
    outcomes = [
        make_outcome(seed=seed, control=(first, 80, 50), student=(second, 95, 55))
        for seed, first, second in ((1, 0.5, 0.6), (2, 0.6, 0.62))
    ]
    table = listings.arms_table({"report_b": outcomes}, with_stated=True)
    assert table.iloc[:, 1].map(str).tolist() == [str(listings.ARMS[arm]) for arm in ("control", "student")]
    assert table.iloc[1, 2:].tolist() == [95, 55, "61.0 ± 1.4", "61.0 ± 1.4", "66.0%"]
    assert len(listings.arms_table({"report_b": outcomes}, with_stated=False).columns) == 6
    other = [make_outcome(seed=1, recipe="compact_cnn", student=(0.6, 95, 55))]
    assert len(listings.arms_table({"report_b": other}, with_stated=True).columns) == 6  # another network
    assert listings.differences(outcomes, "test") == [0.6 - 0.5, 0.62 - 0.6]


def test_pseudo_labels_add_up_and_a_class_without_any_has_no_share():
    table = listings.pseudo_label_table(Judgement((10,) * 7, (0, 0, 4, 10, 4, 2, 0), (0, 0, 1, 10, 3, 1, 0)))
    assert table.iloc[-1, 1:4].tolist() == [70, 20, 15]
    assert table.iloc[0, 4].en == "no data"
    assert table.iloc[-1, 4].en.startswith("75.0% [")
    assert listings.precision(Judgement((1,) * 7, (0,) * 7, (0,) * 7)).accuracy is None


def test_a_share_that_is_unknown_is_a_dash():
    assert (listings.share_text(0.25), listings.share_text(None)) == ("25.0%", "—")
