"""The process: starting, stopping, a database that goes away, what it does not say."""

import socket
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import msgspec
import psycopg
import pytest

from guard.client import GuardClient, GuardRefused, GuardUnavailable
from guard.frames import FRAME_BYTES_MAX, Answer, Hello, Welcome, frame
from guard.wire import Health, Mailbox, Reveal
from lockstitch.cli.cluster import Cluster
from tests.guard.conftest import Guard, eventually, make_guard
from tests.instance import folder


def connect(guard: Guard, token: str | None = None) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(10)
    made.connect(str(guard.socket))
    made.sendall(frame(Hello(guard.desk_token if token is None else token)))
    return made


def receive(connection: socket.socket) -> bytes:
    length = int.from_bytes(connection.recv(4, socket.MSG_WAITALL), "big")
    return connection.recv(length, socket.MSG_WAITALL)


def test_the_socket_is_private_and_welcomes_by_channel(guard: Guard) -> None:
    assert stat.S_IMODE(guard.socket.stat().st_mode) == 0o600
    with connect(guard) as connection:
        welcome = msgspec.msgpack.decode(receive(connection), type=Welcome)
    assert welcome.channel == "desk"
    cli = (guard.data / "guard" / "cli.token").read_text().strip()
    with connect(guard, cli) as connection:
        assert msgspec.msgpack.decode(receive(connection), type=Welcome).channel == "cli"
    assert guard.cli.call(Health()).instance == welcome.instance


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xff\xff\xff", (FRAME_BYTES_MAX + 1).to_bytes(4, "big"), b"\0\0\0\x01\xc1",
        b"\0\0\0\x02\x90\x90", b"GET / HTTP/1.1\r\n\r\n",
    ],
)  # fmt: skip
def test_noise_ends_the_connection_and_nothing_else(guard: Guard, sent: bytes) -> None:
    with connect(guard) as connection:
        receive(connection)
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    guard.cli.call(Health())


def test_a_call_that_is_no_ask_gets_its_number_back(guard: Guard) -> None:
    with connect(guard) as connection:
        receive(connection)
        for body in ({"id": 7, "ask": {"type": "Nonsense"}}, {"id": 7}):
            data = msgspec.msgpack.encode(body)
            connection.sendall(len(data).to_bytes(4, "big") + data)
            answer = msgspec.msgpack.decode(receive(connection), type=Answer)
            assert answer.id == 7
            assert answer.refused is not None
            assert answer.refused.code == "invalid"


def test_more_than_64_connections_are_turned_away(own_guard: Guard) -> None:
    own_guard.start()
    held = [connect(own_guard) for _ in range(64)]
    for connection in held:
        receive(connection)
    with pytest.raises(GuardUnavailable):
        own_guard.desk.call(Health())
    held.pop().close()
    eventually(lambda: _answers(own_guard))
    for connection in held:
        connection.close()


def _answers(guard: Guard) -> bool:
    try:
        guard.desk.call(Health())
    except GuardUnavailable:
        return False
    return True


def test_a_text_that_no_column_takes_is_invalid(guard: Guard) -> None:
    site = guard.site()
    session, _ = guard.operator(site, "orders")
    ask = Reveal(record_ids=[uuid4()], fields=["email"], purpose="order.ship", guest_token="\0")
    with pytest.raises(GuardRefused, match="not_found"):
        guard.desk.call(ask, session=session, agent="a\0b", address="1.2.3.4\0")
    assert guard.entries("reveal")[-1]["address"] == ""


def test_it_stops_when_asked_and_starts_again(own_guard: Guard) -> None:
    own_guard.start()
    client = own_guard.desk
    client.call(Health())  # leaves an idle connection open
    own_guard.stop()
    assert own_guard.process is not None
    assert own_guard.process.returncode == 0
    assert not own_guard.socket.exists()
    with pytest.raises(GuardUnavailable):
        client.call(Health())
    own_guard.start()
    client.call(Health())


def test_it_finishes_the_call_in_hand(own_guard: Guard) -> None:
    """A reveal waits for the ledger's head when SIGTERM comes: it is answered, and written down."""
    own_guard.start()
    site = own_guard.site()
    session, _ = own_guard.operator(site, "orders")
    ask = Reveal(record_ids=[own_guard.deposit(site)], fields=["email"], purpose="order.ship")
    own_guard.desk.call(ask, session=session)
    with psycopg.connect(own_guard.url("postgres")) as db, ThreadPoolExecutor(1) as thread:
        db.execute("SELECT 1 FROM guard.ledger_head FOR UPDATE")
        answer = thread.submit(own_guard.desk.call, ask, session=session)
        query = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
        eventually(lambda: own_guard.sql(query, [own_guard.database]))
        assert own_guard.process is not None
        own_guard.process.terminate()
        eventually(lambda: not own_guard.socket.exists())
        assert not answer.done()
        db.rollback()
        shown = answer.result()
    assert own_guard.process.wait(5) == 0
    assert own_guard.entries("reveal")[-1]["seq"] == shown.seq


@pytest.mark.slow
def test_it_outlives_a_restart_of_the_database(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Calls are `unavailable` meanwhile; afterwards everything goes on, the loops too."""
    with folder() as root:
        cluster = Cluster(root / "pg", durable=False)
        cluster.start()
        guard = make_guard(cluster, tmp_path_factory.mktemp("g"))
        try:
            _outlive(guard, cluster)
        finally:
            if guard.process is not None:
                guard.kill()
            cluster.stop(mode="immediate")


def _outlive(guard: Guard, cluster: Cluster) -> None:
    guard.start()
    site = guard.site()
    session, _ = guard.operator(site, "orders")
    cluster.stop()
    with pytest.raises(GuardUnavailable):
        guard.desk.call(Health())
    cluster.start()
    eventually(lambda: _answers(guard))
    record_id = guard.deposit(site)
    eventually(lambda: guard.cli.call(Health()).inbox == 0)
    ask = Reveal(record_ids=[record_id], fields=["family_name"], purpose="order.ship")
    assert guard.desk.call(ask, session=session).records[0].fields == {"family_name": "山田"}
    assert "山田" not in guard.stop()
    assert guard.command("verify").returncode == 0


def test_the_wrong_master_key_stops_the_start(own_guard: Guard) -> None:
    own_guard.start()
    own_guard.site()
    own_guard.stop()
    (own_guard.data / "guard" / "master.key").write_bytes(bytes(32))
    done = own_guard.command("serve")
    assert done.returncode == 2
    assert done.stderr == "guard: master.key is not the one this database was filled with\n"


def test_init_and_migrate_may_be_repeated(
    own_guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own_guard.command("init").stdout == "all key files are there\n"
    assert own_guard.command("migrate").returncode == 2
    monkeypatch.setenv("LOCKSTITCH_OWNER_URL", own_guard.url("ls_owner"))
    assert own_guard.command("migrate").stdout == "applied steps: none\n"


def test_a_missing_key_or_schema_stops_the_start(own_guard: Guard) -> None:
    own_guard.sql("INSERT INTO guard.schema_version (step) VALUES (99)")
    assert "run `python -m guard migrate`" in own_guard.command("serve").stderr
    (own_guard.data / "guard" / "ledger.key").unlink()
    assert "ledger.key cannot be read" in own_guard.command("serve").stderr


def test_the_mailbox_is_shown_in_the_demo_only(own_guard: Guard) -> None:
    own_guard.demo = "0"
    own_guard.start()
    for client in (own_guard.desk, own_guard.cli):
        with pytest.raises(GuardRefused, match="forbidden"):
            client.call(Mailbox())


def test_one_client_serves_many_threads(guard: Guard) -> None:
    client: GuardClient = guard.cli
    instances: list[str] = []
    threads = [
        threading.Thread(target=lambda: instances.append(client.call(Health()).instance))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(instances) == 20
    assert len(set(instances)) == 1
