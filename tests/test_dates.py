"""EDTF forms, their labels and bounds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgraph.dates import edtf_of, iri_of_date, meaning
from emgraph.errors import EmgraphError


@pytest.mark.parametrize(
    ("edtf", "label", "earliest", "latest"),
    [
        ("2015", "2015", "2015-01-01", "2015-12-31"),
        ("2024-02", "February 2024", "2024-02-01", "2024-02-29"),
        ("2025-05-14", "14 May 2025", "2025-05-14", "2025-05-14"),
        ("2025-21", "Spring 2025", "2025-03-01", "2025-05-31"),
        ("2025-22", "Summer 2025", "2025-06-01", "2025-08-31"),
        ("2025-23", "Autumn 2025", "2025-09-01", "2025-11-30"),
        ("2023-24", "Winter 2023", "2023-12-01", "2024-02-29"),
        ("201X", "2010s", "2010-01-01", "2019-12-31"),
        ("20XX", "2000s", "2000-01-01", "2099-12-31"),
        ("2023-XX", "a month of 2023", "2023-01-01", "2023-12-31"),
        ("2023-05-XX", "a day in May 2023", "2023-05-01", "2023-05-31"),
        ("2023-XX-XX", "a day in 2023", "2023-01-01", "2023-12-31"),
        ("2015~", "about 2015", "2015-01-01", "2015-12-31"),
        ("2015?", "possibly 2015", "2015-01-01", "2015-12-31"),
        ("2015-06%", "possibly about June 2015", "2015-06-01", "2015-06-30"),
        ("2024-04/..", "from April 2024", "2024-04-01", None),
        ("2010/", "from 2010", "2010-01-01", None),
        ("../2019", "until 2019", None, "2019-12-31"),
        ("2019-04/2020-03", "April 2019 to March 2020", "2019-04-01", "2020-03-31"),
        ("[..2025-05-14]", "on or before 14 May 2025", None, "2025-05-14"),
        ("[2018..]", "on or after 2018", "2018-01-01", None),
        ("[2015..2017]", "between 2015 and 2017", "2015-01-01", "2017-12-31"),
        ("[2015,2017]", "2015 or 2017", "2015-01-01", "2017-12-31"),
    ],
)
def test_meaning(edtf: str, label: str, earliest: str | None, latest: str | None) -> None:
    found = meaning(edtf)
    assert found.label == label
    assert found.earliest == (earliest and date.fromisoformat(earliest))
    assert found.latest == (latest and date.fromisoformat(latest))


@pytest.mark.parametrize(
    "edtf",
    [
        "",
        "2025-13",
        "2025-02-30",
        "2025-21-01",
        "25",
        "../..",
        "/",
        "[..]",
        "[2015]",
        "0000",
        "2023-XX-05",
        "201X-05",
        "2020/2019",
        "[2017..2015]",
        "spring",
        "[a,b]",
        "2015\n",
    ],
)
def test_what_is_no_date_is_refused(edtf: str) -> None:
    with pytest.raises(EmgraphError):
        meaning(edtf)


@given(st.dates(date(1, 1, 1)))
def test_a_day_means_itself(day: date) -> None:
    assert meaning(day.isoformat())[1:] == (day, day)


@given(st.text(min_size=1))
def test_an_edtf_form_survives_its_iri(edtf: str) -> None:
    assert edtf_of(iri_of_date(edtf)) == edtf


def test_another_iri_is_no_date() -> None:
    assert edtf_of("https://w3id.org/emgraph/id/force/leicestershire") is None
