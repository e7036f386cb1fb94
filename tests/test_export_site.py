"""A site of all reports: complete, linked, safe in every name, and the same again."""

import json
from pathlib import Path

import pytest
from export_cases import Elements
from hypothesis import given
from hypothesis import strategies as st
from page_stores import broken_stores, frame, kinds_store, publish, specification
from servers.fixtures import every
from verb_cases import demo, demo_store  # noqa: F401

from plainview.exceptions import InputError, NotFoundError
from plainview.export.places import FolderPlace, check_address, checked_name, place_at, write_file
from plainview.export.site import file_of, folder, write_site
from plainview.export.verifying import verify_file
from plainview.store import open_store
from plainview.store.adapters.addresses import bucket_address
from plainview.store.adapters.clouds import connected


def written(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    return open_store(kinds_store(tmp_path_factory.getbasetemp() / "page-stores"))


SOME = ("hostile", "lengthy", "worldly", "moved")


@pytest.fixture(scope="module")
def site(kinds, tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("site")
    done = write_site(kinds, FolderPlace(made), projects=SOME, pdf=False)
    assert (done.projects, done.releases, done.failed) == (4, 9, [])
    return made


def test_every_link_leads_to_a_file_and_every_file_is_linked(site):
    files, linked = written(site), {"index.html"}
    for name, data in files.items():
        for tag, has in Elements(data).found:
            href = has.get("href", "")
            if tag == "a" and not href.startswith("#"):
                target = (site / name).parent.joinpath(href).resolve().relative_to(site.resolve())
                assert str(target) in files, (name, href)
                linked.add(str(target))
    assert linked == set(files)


def test_no_page_has_a_script_or_anything_from_elsewhere(site):
    for name, data in written(site).items():
        elements = Elements(data).found
        assert not {tag for tag, _ in elements} & {"script", "iframe", "link", "form", "object"}, name
        assert not [has for _, has in elements if "//" in str(has.get("href", ""))]
        assert b"default-src 'none'" in data


def test_names_of_files_are_safe_whatever_projects_and_releases_are_called(site):
    for name in written(site):
        assert checked_name(name) == name
        assert len(name) < 150


@given(st.text(min_size=1))
def test_any_name_makes_a_safe_folder(name):
    assert checked_name(f"{folder(name)}/index.html")


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_projects_never_share_a_folder(one, other):
    assert one == other or folder(one) != folder(other)


@pytest.mark.parametrize(
    "release", ["../../etc/passwd", "..", ".", "CON", "a/b", "a\\b", "-rf", "%2e%2e", "x" * 500, "…"]
)
def test_a_hostile_release_makes_a_safe_name(release, kinds):
    one = kinds.releases("once")[0].model_copy(update={"release": release})
    assert checked_name(f"{file_of(one)}.html")


def test_the_same_store_makes_the_same_site(kinds, site, tmp_path):
    write_site(kinds, FolderPlace(tmp_path), projects=SOME, pdf=False)
    assert written(tmp_path) == written(site)


def test_only_the_projects_that_were_asked_for_are_in_it(kinds, tmp_path):
    write_site(kinds, FolderPlace(tmp_path), projects=["once"], pdf=False)
    for data in written(tmp_path).values():
        assert not [name for name in kinds.projects() if name != "once" and f"of {name}".encode() in data]


def test_reports_of_a_site_can_be_verified_with_their_links(kinds, site):
    for path in sorted((site / "moved").glob("1*.html")):
        assert verify_file(kinds, path.read_bytes()).differences == ()


def test_each_release_has_a_pdf_and_a_model_card(demo_store, tmp_path):  # noqa: F811
    done = write_site(demo_store, FolderPlace(tmp_path), projects=["flight-delay"])
    names = {name.removeprefix("flight-delay/") for name in done.files if "2013.09" in name}
    base = file_of(demo_store.evaluation("flight-delay", "2013.09"))
    assert names == {f"{base}.{ending}" for ending in ("html", "pdf", "card.html", "card.json")}
    assert (
        json.loads((tmp_path / "flight-delay" / f"{base}.card.json").read_text())["model_details"]["release"]
        == "2013.09"
    )


def test_a_release_that_cannot_be_read_is_named_and_the_others_are_there(tmp_path_factory, tmp_path):
    store = open_store(broken_stores(tmp_path_factory.getbasetemp() / "page-stores")["predictions"])
    done = write_site(store, FolderPlace(tmp_path), pdf=False)
    assert (done.projects, done.releases) == (2, 3)
    assert done.failed[0].startswith("bad 1.1 cannot be read:")
    assert "cannot be read" in (tmp_path / "bad" / "index.html").read_text()


def test_an_unknown_project_is_an_error_before_anything_is_written(kinds, tmp_path):
    with pytest.raises(NotFoundError, match="Did you mean 'once'"):
        write_site(kinds, FolderPlace(tmp_path / "site"), projects=["onse"])
    assert not (tmp_path / "site").exists()


def test_a_store_without_projects_makes_a_page_that_says_so(tmp_path_factory, tmp_path):
    store = open_store(broken_stores(tmp_path_factory.getbasetemp() / "page-stores")["empty"])
    write_site(store, FolderPlace(tmp_path))
    assert "No project is published yet." in (tmp_path / "index.html").read_text()


@every("moto", "seaweedfs", "azurite", "google")
def test_a_site_in_a_bucket_is_that_of_a_folder_and_a_browser_is_told_what_each_file_is(kinds, place, tmp_path):
    obstore = pytest.importorskip("obstore")
    write_site(kinds, FolderPlace(tmp_path), projects=["once"], pdf=False)
    for _ in range(2):  # made anew where it is there
        write_site(kinds, place_at(place.url("/site")), projects=["once"], pdf=False)
    bucket = connected(bucket_address(place.url("/site")))
    for name, data in written(tmp_path).items():
        found = obstore.get(bucket, name)
        assert found.bytes().to_bytes() == data
        assert found.attributes["Content-Type"].startswith(
            "text/html" if name.endswith(".html") else "application/json"
        )


@every("moto", "azurite")
def test_a_bucket_that_is_not_there_is_said_to_be_missing(kinds, place):
    with pytest.raises(InputError, match=r"cannot be written: there is no .* Plainview makes none: create it first"):
        write_site(kinds, place_at(f"{place.url('').partition('://')[0]}://nothing-here/site"), projects=["once"])


@pytest.mark.parametrize("url", ["", "ftp://x/y", "s3://key:secret@bucket/x", "s3://bucket/x?token=1", "https://x/y"])
def test_addresses_that_are_no_place_for_files_are_errors(url):
    with pytest.raises(InputError) as error:
        place_at(url)
    assert "secret@" not in str(error.value)
    assert "token" not in str(error.value)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "plainview.example.com", 'https://x/"><script>', "https://a b", "https://u:p@x"]
)
def test_the_address_of_the_app_is_plain(address):
    with pytest.raises(InputError, match="must look like https"):
        check_address(address)


def test_links_lead_to_the_app_where_its_address_is_known(kinds, tmp_path):
    write_site(
        kinds, FolderPlace(tmp_path), projects=["once"], pdf=False, address=check_address("https://plain.example/")
    )
    [report] = (tmp_path / "once").glob("1*.html")
    assert 'href="https://plain.example/report?project=once&amp;release=1.0"' in report.read_text()


def test_a_file_is_whole_or_not_there(tmp_path):
    write_file(tmp_path / "new" / "a.md", b"one")
    write_file(tmp_path / "new" / "a.md", b"two")
    assert written(tmp_path) == {"new/a.md": b"two"}
    assert (tmp_path / "new" / "a.md").stat().st_mode & 0o022 == 0
    with pytest.raises(InputError, match="cannot be written"):
        write_file(tmp_path / "new" / "a.md" / "b.md", b"three")


def test_a_release_of_two_test_sets_has_two_reports(tmp_path):
    import plainview

    store = tmp_path / "store"
    publish(store, specification("twice"), frame(60))
    plainview.publish(frame(40), specification=specification("twice"), release="1.0", test_set="hard", store=store)
    done = write_site(open_store(store), FolderPlace(tmp_path / "site"), pdf=False)
    assert done.releases == 2
    assert len(list((tmp_path / "site" / "twice").glob("1.0-*.html"))) == 2
