"""A member changes the password, proven by the present one."""

from guard.wire import ChangePassword, SignInMember, WhoAmI
from tests.guard.conftest import PASSWORD, Guard, Site
from tests.guard.test_auth import EMAIL, refused, sign_in


def test_a_password_is_changed_with_the_present_one(guard: Guard, site: Site) -> None:
    here, _ = guard.member(site, EMAIL)
    there = guard.desk.call(sign_in(site)).session
    new = "eine ganz andere Naht"
    for current, password, code in (
        ("not the one", new, "credentials"),
        (PASSWORD, "short", "password"),
        (PASSWORD, "password1234", "password"),
    ):
        ask = ChangePassword(current=current, password=password)
        assert refused(guard, ask, session=here) == code
    guard.desk.call(WhoAmI(), session=there)
    guard.desk.call(ChangePassword(current=PASSWORD, password=new), session=here)
    guard.desk.call(WhoAmI(), session=here)
    assert refused(guard, WhoAmI(), session=there) == "session"
    assert refused(guard, sign_in(site)) == "credentials"
    guard.desk.call(SignInMember(site_id=site.site_id, email=EMAIL, password=new))


def test_guesses_at_a_change_are_slowed_down(guard: Guard, site: Site) -> None:
    session, _ = guard.member(site, EMAIL)
    ask = ChangePassword(current="not the one", password="eine ganz andere Naht")
    codes = [refused(guard, ask, session=session) for _n in range(7)]
    assert codes[0] == "credentials"
    assert codes[-1] == "throttled"


def test_an_operator_changes_none(guard: Guard, site: Site) -> None:
    session, _ = guard.operator(site, "owner")
    ask = ChangePassword(current=PASSWORD, password="eine ganz andere Naht")
    assert refused(guard, ask, session=session) == "forbidden"
