"""Seals: whoever edits, deletes or back-dates a record of a sealed day, or replaces a seal, is found out by `verify`."""

import contextlib
import json
import random
import shutil
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from benchmarks.faults.tampering import DAYS, TODAY, aged, attempts, edit_a_seal
from servers.processes import Place
from store_cases import FAULTS, FailingAdapter, draft, own_cache, rewrite  # noqa: F401
from typer.testing import CliRunner

from plainview.cli import app
from plainview.exceptions import DamagedError, StoreError
from plainview.store import create_store, open_store
from plainview.store.adapters.folder import FolderAdapter
from plainview.store.claims import Claim
from plainview.store.commit import create_record
from plainview.store.keys import claim_key
from plainview.store.sealed import seal_line, unseal_line
from plainview.store.seals import day_of, seal_days
from plainview.store.store import Store
from plainview.store.ulids import new_ulid, time_of

LAST = TODAY.date() - timedelta(days=3)  # the last settled day


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("aged") / "store"
    aged(str(folder))
    return folder


@pytest.fixture
def root(pristine, tmp_path):
    return shutil.copytree(pristine, tmp_path / "store")


def seals(root):
    return sorted((root / "seals").iterdir())


def content(path):
    return json.loads(unseal_line(path.read_bytes(), key=path.name))


def found(root, **options):
    return {item.key: item.reason for item in open_store(root).verify(**options).damaged}


def commit_of(root, release):
    return root / "commits" / f"{open_store(root).evaluation('sentiment', release).id}.json"


def test_every_settled_day_is_sealed_once_and_each_seal_follows_the_one_before(root):
    found, kept = [content(path) for path in seals(root)], {}
    for before, after in zip(found, found[1:], strict=False):
        assert after["id"] == (date.fromisoformat(before["until"]) + timedelta(days=1)).isoformat()
    assert (found[0]["previous"], found[-1]["until"]) == ("", LAST.isoformat())
    for each in found:
        assert not kept.keys() & each["records"].keys()
        kept |= each["records"]
    assert len(kept) == 2 * (DAYS - 2)
    report = open_store(root).verify()
    assert (report.ok, report.seals, report.sealed_until) == (True, len(found), LAST)


def test_fifty_random_edits_deletions_and_back_datings_are_all_found(tmp_path):
    figure = attempts(Place("folder", f"{tmp_path}/"), 50)
    assert figure.met, figure.found


def test_a_record_that_was_edited_is_named_with_what_happened(root):
    record = commit_of(root, "3")
    rewrite(record, actor="somebody else")
    [(key, reason)] = found(root).items()
    assert (key, reason) == (f"commits/{record.name}", f"commits/{record.name} was changed after it was sealed.")


def test_a_record_that_was_deleted_is_named(root):
    record = commit_of(root, "3")
    record.unlink()
    assert found(root) == {f"commits/{record.name}": f"commits/{record.name} was sealed and is gone."}


def test_a_record_that_was_added_to_a_sealed_day_is_named_with_that_day(root):
    at = TODAY - timedelta(days=5)
    said = content(commit_of(root, "3")) | {"id": new_ulid(), "published_at": at.isoformat(), "publish_key": "1" * 64}
    (root / "commits" / f"{said['id']}.json").write_bytes(seal_line(json.dumps(said).encode()))
    [reason] = found(root).values()
    assert f"says that it was written on {at.date()}, and was not there when that day was sealed" in reason


def test_a_record_that_would_hide_a_sealed_one_is_named(root):
    said = content(commit_of(root, "3")) | {
        "id": "0" * 26,
        "published_at": datetime.now(UTC).isoformat(),
        "results": [],
    }
    (root / "commits" / f"{said['id']}.json").write_bytes(seal_line(json.dumps(said).encode()))
    [(key, reason)] = found(root).items()
    assert key == f"commits/{'0' * 26}.json"
    assert "was sealed before, and hides it" in reason


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "not a time", 7, 7.5, "7", None, [], "2024-01-01T00:00:00"]
)
def test_a_date_that_no_calendar_has_is_found_as_well(root, at):
    said = content(commit_of(root, "3")) | {"id": new_ulid(), "published_at": at, "publish_key": "1" * 64}
    (root / "commits" / f"{said['id']}.json").write_bytes(seal_line(json.dumps(said).encode()))
    assert list(found(root)) == [f"commits/{said['id']}.json"]


def test_a_seal_that_was_removed_or_replaced_breaks_the_chain(root):
    for act in ("removed", "damaged", "edited"):
        path = seals(root)[4]
        sound = path.read_bytes()
        if act == "removed":
            path.unlink()
        elif act == "damaged":
            path.write_bytes(sound[:-3])
        else:
            edit_a_seal(FolderAdapter(root), next(iter(content(path)["records"])), chance=random.Random(1))
        assert any(key.startswith("seals/") for key in found(root)), act
        shutil.rmtree(root)
        aged(str(root), days=DAYS)


def test_whoever_replaces_all_seals_is_found_by_the_digest_that_was_noted(root):
    noted = open_store(root).newest_seal()
    open_store(root).publish(draft("later"))
    assert found(root, noted_seal=noted) == {}
    record = commit_of(root, "3")
    rewrite(record, actor="somebody else")
    shutil.rmtree(root / "seals")
    open_store(root).seal()
    assert found(root) == {}
    [reason] = found(root, noted_seal=noted).values()
    assert f"No seal has the digest {noted}" in reason


def test_publishing_seals_what_has_settled_and_a_young_store_costs_nothing(tmp_path):
    store = aged(str(tmp_path / "old"), sealed_each_day=False)
    shutil.rmtree(tmp_path / "old" / "seals")
    store = open_store(tmp_path / "old")
    store.publish(draft("new"))
    [one] = seals(tmp_path / "old")
    assert (content(one)["until"], len(content(one)["records"])) == (LAST.isoformat(), 2 * (DAYS - 2))
    store.publish(draft("newer"))
    assert store.seal() is None
    assert len(seals(tmp_path / "old")) == 1

    young = create_store(tmp_path / "young")
    young.publish(draft("new"))
    assert young.seal() is None
    assert (young.newest_seal(), (tmp_path / "young" / "seals").exists()) == ("", False)


def test_the_day_of_a_record_is_settled_only_when_no_honest_clock_writes_into_it_any_more(root):
    """A publisher a day behind writes at the moment at which a sealer a day ahead seals."""
    day = timedelta(days=1)
    for hours in range(0, 49, 6):
        now = TODAY + timedelta(hours=hours)
        publisher, sealer = now - day, now + day
        shutil.rmtree(root / "seals", ignore_errors=True)
        made = seal_days(FolderAdapter(root), open_store(root).id, dict, now=min(sealer, datetime.now(UTC)))
        assert made.until < publisher.date()


def test_a_clock_that_is_years_ahead_seals_nothing_that_is_to_come(root):
    shutil.rmtree(root / "seals")
    made = seal_days(FolderAdapter(root), open_store(root).id, dict, now=TODAY + timedelta(days=4000))
    assert made.until == LAST


def test_racing_sealers_agree(root):
    shutil.rmtree(root / "seals")
    gate, made = threading.Barrier(8), []

    def run(number):
        store = open_store(root)
        gate.wait()
        made.append(seal_days(store._adapter, store.id, dict, now=TODAY - timedelta(days=number % 3)))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    open_store(root).seal()
    report = open_store(root).verify()
    assert (report.ok, report.sealed_until) == (True, LAST)
    assert {each.id for each in made if each} <= {content(path)["id"] for path in seals(root)}


def test_nothing_is_sealed_while_a_record_is_damaged(root):
    shutil.rmtree(root / "seals")
    record = commit_of(root, "3")
    sound = record.read_bytes()
    record.write_bytes(sound[:-5])
    with pytest.raises(DamagedError, match=record.name):
        open_store(root).seal()
    assert open_store(root).publish(draft("new"))[1]
    assert not (root / "seals").exists()
    record.write_bytes(sound)
    assert open_store(root).seal().until == LAST


def test_a_record_of_a_newer_plainview_is_sealed_by_the_date_that_it_says(root):
    record = commit_of(root, "3")
    shutil.rmtree(root / "seals")
    rewrite(record, schema_version=9, min_reader=9, shape={"of": "the future"})
    assert f"commits/{record.name}" in open_store(root).seal().records
    assert [item.newer for item in open_store(root).verify().damaged] == [True]


def test_an_old_claim_that_is_published_later_is_no_tampering(root):
    """A publisher was stopped after its claim; days later its content is published, under the id of that day."""
    store = open_store(root)
    one = draft("retried")
    identifier = new_ulid(int((TODAY - timedelta(days=6)).timestamp() * 1000))
    claim = Claim(id=one.publish_key(), evaluation=identifier)
    create_record(FolderAdapter(root), claim_key(one.publish_key()), claim)
    assert store.publish(one)[0].id == identifier
    assert found(root) == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_of_sealing_leaves_a_chain_that_is_whole(root, fault, monkeypatch):
    monkeypatch.setattr("plainview.store.commit.PAUSES", (0.0, 0.0))
    identifier = open_store(root).id
    for after in (False, True):
        for number in range(1, 80):
            seals(root)[-1].unlink()  # one day is left to be sealed
            adapter = FailingAdapter(FolderAdapter(root), fail_at=number, error=FAULTS[fault], after=after)
            with contextlib.suppress(StoreError, MemoryError):
                Store(adapter, identifier).seal()
            assert found(root) == {}
            open_store(root).seal()
            assert open_store(root).verify().sealed_until == LAST
            if len(adapter.calls) < number:
                break
        assert 5 < number < 80


def test_the_moment_in_an_id_is_that_of_its_making():
    assert time_of("01ARYZ6S41" + "0" * 16) == datetime(2016, 7, 30, 22, 36, 16, 385000, UTC)
    assert time_of("7" + "Z" * 25) == datetime.min.replace(tzinfo=UTC)
    assert day_of(datetime(2024, 1, 1, 23, 30, tzinfo=UTC)) == date(2024, 1, 1)


def test_the_command_line_seals_prints_what_to_note_and_verifies_against_it(root):
    def run(*arguments):
        return CliRunner().invoke(app, [*arguments, "--store", str(root)])

    noted = open_store(root).newest_seal()
    sealed = run("seal")
    assert (sealed.exit_code, "No day is waiting" in sealed.stdout, noted in sealed.stdout) == (0, True, True)
    verified = run("verify", "--seal", noted)
    assert (verified.exit_code, f"until {LAST}" in verified.stdout) == (0, True)
    shutil.rmtree(root / "seals")
    again = json.loads(run("seal", "--json").stdout)
    assert (again["sealed"], again["until"]) == (2 * (DAYS - 2), LAST.isoformat())
    refused = run("verify", "--seal", noted, "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["damaged"][0]["key"]) == (1, "seals/")
