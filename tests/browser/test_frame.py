"""The frame in a real browser: the URL is the state, Back and Forward are right, nothing leaves the machine."""

import re
from contextlib import suppress
from urllib.parse import parse_qs, urlparse

import pytest
from conftest import ROOT, settled
from stores import damage, publish_small

AFINN = "sentiment-afinn"


@pytest.fixture(scope="module")
def expect():
    playwright = pytest.importorskip("playwright.sync_api")
    playwright.expect.set_options(timeout=30_000)  # a machine with other work is slow, not wrong
    return playwright.expect


def table_of_pages() -> list[tuple[str, str, str]]:
    """Path, title and needs of every row of app.py's table, read without running it."""
    source = (ROOT / "app.py").read_text()
    row = r'Page\(\s*"([\w/]+)", _\("([^"]+)"\), _\("[^"]+"\)(?:, needs="(\w+)")?(?:, action="\w+")?,?\s*\)'
    rows = re.findall(row, source)
    assert rows, "app.py's table was not found"
    return [(path, title, needs or "release") for path, title, needs in rows]


def picked(page, label: str) -> str:
    """What a picker shows."""
    return page.get_by_role("combobox", name=label).input_value()


def pick(page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()


def parameters(page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlparse(page.url).query).items()}


def test_without_a_release_the_latest_is_shown(demo_app, open_page):
    page = open_page(demo_app.address("report", project=AFINN))
    assert picked(page, "Release").startswith("5.0.2")


def test_back_and_forward_show_the_release_of_their_address(demo_app, open_page, expect):
    page = open_page(demo_app.address("report", project=AFINN, release="3.0.1"))
    pick(page, "Release", re.compile("^2.1.0"))
    expect(page).to_have_title(re.compile("2.1.0"))
    pick(page, "Release", re.compile("^4.2.0"))
    expect(page).to_have_title(re.compile("4.2.0"))
    for step, release in (("back", "2.1.0"), ("back", "3.0.1"), ("forward", "2.1.0"), ("forward", "4.2.0")):
        page.go_back() if step == "back" else page.go_forward()
        expect(page).to_have_title(re.compile(re.escape(release)))
        expect(page.get_by_role("combobox", name="Release")).to_have_value(re.compile("^" + re.escape(release)))
        expect(page).to_have_url(demo_app.address("report", project=AFINN, release=release))


def test_the_navigation_carries_the_place_and_back_returns_to_it(demo_app, open_page, expect):
    page = open_page(demo_app.address("report", project=AFINN, release="2.1.0"))
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page).to_have_title(re.compile("^Compare · 2.1.0"))
    expect(page).to_have_url(demo_app.address("compare", project=AFINN, release="2.1.0"))
    pick(page, "Release", re.compile("^4.2.0"))
    expect(page).to_have_title(re.compile("^Compare · 4.2.0"))
    page.get_by_role("link", name="Evidence", exact=True).click()
    expect(page).to_have_title(re.compile("^Trends"))
    expect(page).to_have_url(demo_app.address("trends", project=AFINN, release="4.2.0"))
    page.go_back()
    expect(page).to_have_title(re.compile("^Compare · 4.2.0"))
    page.go_back()
    expect(page).to_have_title(re.compile("^Compare · 2.1.0"))
    page.go_back()
    expect(page).to_have_title(re.compile("^Report · 2.1.0"))


def test_a_number_leads_to_its_examples_and_back(demo_app, open_page, expect):
    page = open_page(demo_app.address("report", project=AFINN, release="3.0.1"))
    page.get_by_role("link", name=re.compile("examples", re.IGNORECASE)).first.click()
    expect(page).to_have_title(re.compile("^Behaviours · 3.0.1"))
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible()
    assert parameters(page)["release"] == "3.0.1"
    assert "scenario" in parameters(page)
    page.go_back()
    expect(page).to_have_title(re.compile("^Report · 3.0.1"))
    expect(page.get_by_role("link", name=re.compile("examples", re.IGNORECASE)).first).to_be_visible()


def test_another_project_is_one_step_and_forgets_the_release(demo_app, open_page, expect):
    page = open_page(demo_app.address("report", project=AFINN, release="2.1.0"))
    pick(page, "Project", re.compile("VADER"))
    expect(page).to_have_title(re.compile("sentiment-vader"))
    expect(page).to_have_url(demo_app.address("report", project="sentiment-vader"))
    page.go_back()
    expect(page).to_have_title(re.compile("2.1.0 · sentiment-afinn"))


@pytest.mark.parametrize(
    ("asked", "said", "nearest"),
    [
        ({"project": "sentiment-afin"}, "There is no such project", "sentiment-afinn"),
        ({"project": AFINN, "release": "3.0.2"}, "There is no such release", "Did you mean"),
        ({"project": AFINN, "release": "3.0.1", "baseline": "2.1.9"}, "There is no such release", "2.1.0"),
        ({"project": "<script>window.hacked=1</script>"}, "There is no such project", "<script>"),
    ],
)
def test_what_is_not_there_is_said_with_the_nearest_name_and_the_way_back(
    demo_app, open_page, expect, asked, said, nearest
):
    page = open_page(demo_app.address("compare", **asked))
    expect(page.get_by_role("heading", name=said)).to_be_visible()
    expect(page.get_by_text(nearest).first).to_be_visible()
    page.get_by_role("link", name=re.compile("^(Go to|Compare with)")).click()
    expect(page).to_have_title(re.compile(r"^Report · \d"))
    assert page.evaluate("window.hacked") is None


def test_an_empty_place_says_how_to_publish(start_app, tmp_path_factory, open_page, expect):
    app = start_app(tmp_path_factory.mktemp("none") / "store")
    page = open_page(app.address())
    expect(page.get_by_role("heading", name="Nothing is published yet")).to_be_visible()
    expect(page.get_by_text("plainview demo")).to_be_visible()


def test_a_first_release_has_nothing_to_compare_with_and_says_so(start_app, tmp_path_factory, open_page, expect):
    store = tmp_path_factory.mktemp("one") / "store"
    publish_small(store)
    page = open_page(start_app(store).address("compare"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(re.compile("only|first|nothing to compare", re.IGNORECASE)).first).to_be_visible()


def test_a_damaged_evaluation_is_named_and_shows_no_number(start_app, tmp_path_factory, open_page, expect):
    store = tmp_path_factory.mktemp("flipped") / "store"
    publish_small(store, releases=("1.0", "1.1"))
    damage(store, "predictions")
    page = open_page(start_app(store).address("compare", project="small", release="1.1"))
    expect(page.get_by_role("heading", name="What is stored is not what was published")).to_be_visible()
    expect(page.get_by_text("plainview verify")).to_be_visible()
    assert page.locator("[data-testid=stMetric], [data-testid=stVegaLiteChart]").count() == 0


def test_a_damaged_record_is_left_out_and_said_so(start_app, tmp_path_factory, open_page, expect):
    store = tmp_path_factory.mktemp("torn") / "store"
    publish_small(store, project="broken")
    damage(store, "commits")
    publish_small(store, project="sound")
    page = open_page(start_app(store).address())
    expect(page).to_have_title(re.compile("sound"))
    expect(page.get_by_text("1 damaged record is left out")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_reader(demo_app, open_page, scheme):
    page = open_page(demo_app.address("report", project=AFINN, release="3.0.1"), scheme=scheme)
    shade = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    lightness = sum(int(part) for part in re.findall(r"\d+", shade)[:3]) / 3
    assert (lightness > 200) == (scheme == "light")


def test_the_whole_way_by_keyboard_and_names(demo_app, open_page, expect):
    """Every picker, link and chart has a name that a screen reader can say."""
    page = open_page(demo_app.address("compare", project=AFINN, release="3.0.1"))
    settled(page)
    for link in page.get_by_role("link").all():
        assert link.inner_text().strip() or link.get_attribute("aria-label") or link.locator("img").count()
    for chart in page.locator("[data-testid=stVegaLiteChart]").all():
        expect(chart).to_contain_text(re.compile("."), use_inner_text=False)


def test_reading_a_project_of_the_portfolio_stays_in_the_tab(demo_app, open_page, expect):
    late = pytest.importorskip("playwright.sync_api").TimeoutError
    page = open_page(demo_app.address("portfolio"), height=1400)
    settled(page)
    table = page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    for across in range(240, 500, 25):  # the cells are painted: the one to press is found by pressing
        table.click(position={"x": across, "y": 52})
        with suppress(late):  # under load the app takes a while to follow
            page.wait_for_url(re.compile("/report"), timeout=1500)
            break
    expect(page).to_have_url(re.compile(r"/report\?project=[\w-]+&release="))
    assert len(page.context.pages) == 1
    page.go_back()
    expect(page).to_have_url(re.compile("/portfolio"))


def test_the_threshold_moves_with_the_keys_and_back_undoes_it(demo_app, open_page, expect):
    page = open_page(demo_app.address("thresholds", project=AFINN, release="3.0.1"))
    expect(page.get_by_role("heading", name=re.compile("At the threshold in use, 0.50"))).to_be_visible()
    page.get_by_role("slider").press("ArrowRight")
    expect(page).to_have_url(re.compile("threshold=1.0"))
    expect(page.get_by_role("heading", name=re.compile("At a threshold of 1.00"))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name=re.compile("At the threshold in use, 0.50"))).to_be_visible()
