"""Who may do what: the file, the roles, who a reader is, and how often they may write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainview.access import ROLES, Person, Refusal, WriteLimit, identify, load_access, read_access, whence
from plainview.access.identity import GROUPS, HOST, ORIGIN, PERSON, PROOF
from plainview.exceptions import AccessError, InputError, TooManyWritesError

NOW = 1_800_000_000.0
TEAM = """
sign_in: {by: oidc, groups: groups}
groups:
  language: [cy@example.org]
everywhere:
  admin: [Ana@Example.org]
  viewer: [group:quality]
projects:
  sentiment:
    contributor: [group:language, group:speech]
    approver: [bo@example.org]
  open:
    viewer: [everyone]
"""


@pytest.fixture(scope="module")
def team():
    return read_access(TEAM)


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("viewer", {"see"}),
        ("contributor", {"see", "contribute"}),
        ("publisher", {"see", "contribute", "publish"}),
        ("approver", {"see", "contribute", "approve"}),
        ("admin", {"see", "contribute", "publish", "approve", "administer"}),
    ],
)
def test_each_role_may_do_exactly_this(role, actions):
    assert ROLES[role] == actions


@pytest.mark.parametrize(
    ("person", "project", "roles"),
    [
        (Person("ana@example.org"), "sentiment", ("admin",)),
        (Person("ana@example.org"), "published tomorrow", ("admin",)),
        (Person("bo@example.org"), "sentiment", ("approver",)),
        (Person("bo@example.org"), "flights", ()),
        (Person("cy@example.org"), "sentiment", ("contributor",)),
        (Person("di@example.org", frozenset({"speech"})), "sentiment", ("contributor",)),
        (Person("di@example.org", frozenset({"quality", "speech"})), "sentiment", ("viewer", "contributor")),
        (Person("di@example.org", frozenset({"quality"})), "flights", ("viewer",)),
        (Person("ed@example.org", frozenset({"language"})), "sentiment", ()),  # the file spells this group out
        (Person("ed@example.org"), "open", ("viewer",)),
        (Person("group:quality"), "flights", ()),
        (Person("everyone"), "flights", ()),
    ],
)
def test_roles_come_by_name_and_by_group_everywhere_and_by_project(team, person, project, roles):
    assert team.roles(person, project) == roles


@given(st.text(max_size=30), st.frozensets(st.text(max_size=10), max_size=3), st.text(max_size=20))
def test_whom_the_file_does_not_name_may_do_nothing_wherever(name, groups, project):
    stranger = Person(f"{name}@elsewhere.example", groups - {"quality", "speech"})
    access = read_access(TEAM)
    if project != "open":
        assert not any(access.may(stranger, action, project) for action in ROLES["admin"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sign_in: {by: oidc}\neverywhere: {viewr: [a@b.c]}", "line 2, column 14 (everywhere.viewr): there is no role"),
        ("sign_in: {by: oidc}\neverywhere: {viewr: [a@b.c]}", "Did you mean 'viewer'?"),
        ("sign_in: {by: oidc}\neverywhere: {viewer: [bob]}", "found 'bob'; expected an e-mail address, group:NAME"),
        ("sign_in: {by: oidc}\ngroups: {ml: [a@b.c]}\neverywhere: {viewer: ['group:mll']}", "Did you mean 'ml'?"),
        ("sign_in: {by: oidc}\ngroups: {ml: [everyone]}", "a group holds no other group"),
        ("sign_in: {by: headers}", "line 1, column 10 (sign_in): 'person' is missing"),
        ("sign_in: {by: ldap}", "line 1, column 15 (sign_in.by): found 'ldap'"),
        ("sign_in: {by: oidc, hours: 0}", "expected more than 0"),
        (
            "sign_in: {by: oidc}\nproject: {}",
            "line 2, column 1 (project): unknown key 'project'. Did you mean 'projects'?",
        ),
        ("sign_in: {by: oidc}\nprojects: {s: {viewer: [a@b.c], viewer: [d@e.f]}}", "line 2, column 33"),
        ("sign_in: {by: headers, person: X-Email, sign_out: 'javascript:alert(1)'}", "begins with / or https://"),
        ("everywhere: {}", "'sign_in' is missing"),
        ("", "found nothing; expected a mapping"),
    ],
)
def test_what_is_wrong_with_the_file_is_named_with_its_place_and_the_nearest_name(text, said):
    with pytest.raises(InputError) as caught:
        read_access(text)
    assert said in str(caught.value)
    assert "access.yaml" in str(caught.value)


def test_a_file_that_is_not_there_is_an_error_and_not_an_open_door(tmp_path):
    with pytest.raises(InputError, match="could not be read"):
        load_access(tmp_path / "access.yaml")


def claims(**changes) -> dict:
    return {"is_logged_in": True, "iat": NOW - 60, "email": "cy@example.org", "email_verified": True, **changes}


@pytest.mark.parametrize(
    ("says", "found"),
    [
        (claims(), Person("cy@example.org")),
        (claims(email="Cy@Example.ORG"), Person("cy@example.org")),
        (claims(email="cy@exam\u212ae.org"), Person("cy@exam\u212ae.org")),  # the Kelvin sign, which lower() makes a k
        (claims(groups=["speech", " quality ", 7, ""]), Person("cy@example.org", frozenset({"speech", "quality"}))),
        (claims(groups="speech,quality"), Person("cy@example.org", frozenset({"speech", "quality"}))),
        (claims(is_logged_in=False), Refusal("sign in")),
        (claims(is_logged_in="true"), Refusal("sign in")),
        ({}, Refusal("sign in")),
        ({"email": "cy@example.org"}, Refusal("sign in")),
        (claims(iat=NOW - 12 * 3600 - 1), Refusal("expired")),
        (claims(iat=NOW + 3600), Refusal("expired")),
        (claims(iat="1"), Refusal("expired")),
        (claims(iat=True), Refusal("expired")),
        (claims(iat=None), Refusal("expired")),
        (claims(email_verified=False), Refusal("unverified")),
        (claims(email_verified=None), Refusal("unverified")),
        (claims(email=None), Refusal("unnamed")),
        (claims(email=["cy@example.org"]), Refusal("unnamed")),
        (claims(email="  "), Refusal("unnamed")),
        (claims(email="cy@example.org\n"), Person("cy@example.org")),
        (claims(email="cy\u0000@example.org"), Refusal("unnamed")),
        (claims(email="c" * 300), Refusal("unnamed")),
    ],
)
def test_a_person_is_whom_the_identity_provider_names_lately_and_verified(team, says, found):
    assert identify(says, team.sign_in, now=NOW) == found


HEADERS = read_access("sign_in: {by: headers, person: X-Email, groups: X-Groups}").sign_in
TRUE = {PROOF: "s3cret", PERSON: "cy@example.org", GROUPS: "speech, quality"}


@pytest.mark.parametrize(
    ("says", "proof", "found"),
    [
        (TRUE, "s3cret", Person("cy@example.org", frozenset({"speech", "quality"}))),
        (TRUE, "", Refusal("not the proxy")),  # no secret is set: no header counts
        ({**TRUE, PROOF: ""}, "", Refusal("not the proxy")),
        ({**TRUE, PROOF: "guess"}, "s3cret", Refusal("not the proxy")),
        ({**TRUE, PROOF: None}, "s3cret", Refusal("not the proxy")),
        ({PERSON: "cy@example.org"}, "s3cret", Refusal("not the proxy")),
        ({**claims(), PROOF: None}, "s3cret", Refusal("not the proxy")),  # a cookie of a sign-in is none of a proxy
        ({**TRUE, PERSON: None}, "s3cret", Refusal("unnamed")),
    ],
)
def test_headers_count_only_with_the_proxys_secret(says, proof, found):
    assert identify(says, HEADERS, now=NOW, proof=proof) == found


def test_headers_count_for_nothing_where_readers_sign_in(team):
    assert identify(TRUE, team.sign_in, now=NOW, proof="s3cret") == Refusal("sign in")


@pytest.mark.parametrize(
    ("says", "where"),
    [
        ({}, "here"),
        ({HOST: "127.0.0.1:8501", ORIGIN: "http://127.0.0.1:8501"}, "here"),
        ({HOST: "localhost:8501", ORIGIN: None}, "here"),
        ({HOST: "[::1]:8501"}, "here"),
        ({HOST: "rebound.example:8501", ORIGIN: "http://rebound.example:8501"}, "elsewhere"),
        ({HOST: "127.0.0.1:8501", ORIGIN: "https://quality.example.org"}, "elsewhere"),
        ({HOST: "127.0.0.1.example.org"}, "elsewhere"),
        ({HOST: "localhost@example.org"}, "elsewhere"),
        ({HOST: "[::1"}, "elsewhere"),
        ({HOST: "quality.example.org", "plainview_forwarded_for": "10.0.0.1"}, "a proxy"),
        ({HOST: "127.0.0.1:8501", "plainview_forwarded_proto": "https"}, "a proxy"),
    ],
)
def test_a_browser_on_this_machine_is_told_from_others(says, where):
    assert whence(says) == where


def test_a_person_writes_as_often_as_anyone_types_and_no_faster():
    now = [0.0]
    limit = WriteLimit(3, 60, clock=lambda: now[0])
    for _ in range(3):
        limit.take("cy")
    with pytest.raises(TooManyWritesError, match=r"3 times within 60 seconds.*Nothing was written; wait 60 seconds"):
        limit.take("cy")
    limit.take("di")  # others are not affected
    now[0] = 60.0
    limit.take("cy")
    assert issubclass(TooManyWritesError, AccessError)
