"""The evidence pack of a case: what its answer rests on, to be checked without us."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import click
import msgspec

from guard import audit
from guard.proofs import Log, ProofError
from lockstitch.cli.instance import Instance
from lockstitch.cli.ledger import disclosures
from lockstitch.sealed.reading import Assessment, Incident

README = """The evidence of case {case} ({title}).

  python3 audit.py --pack entries.json --pub ledger.pub

audit.py needs Python and nothing else, and asks nobody. It says whether each of the {count} entries
is in the log of the checkpoint that the ledger's key signed; --show prints them, and with
--witness-key a witness's key has to have signed it too.
ledger.pub is the ledger's first key: where another took its place, entries.json has the checkpoint
by which the one before it said so, with the proof that it is of this log.
assessment.json is the answer, people.jsonl a line for each person by opaque id, SHA256SUMS the
hashes of these files. Compare ledger.pub with the one that was kept elsewhere.
"""


def write_pack(instance: Instance, case: Incident, found: Assessment, folder: Path) -> int:
    """Into `folder`, which is made; the number of entries. Raises ClickException."""
    from lockstitch.cli.incident import write_people

    seqs = sorted(_seqs(found))
    try:
        pack = Log(instance.data / "guard" / "log").pack(seqs)
    except ProofError as error:
        raise click.ClickException(f"the log's files are behind, try again: {error}") from None
    folder.mkdir(parents=True, exist_ok=True)
    for path in (Path(audit.__file__), instance.data / "guard" / "ledger.pub"):
        shutil.copy(path, folder / path.name)
    (folder / "entries.json").write_bytes(msgspec.json.encode(pack))
    (folder / "assessment.json").write_bytes(msgspec.json.encode(found))
    write_people(found.assessment_id, folder / "people.jsonl")
    (folder / "README.txt").write_text(
        README.format(case=case.incident_id, title=case.title, count=len(seqs))
    )
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
        for path in sorted(folder.iterdir()) if path.is_file() and path.name != "SHA256SUMS"
    ]  # fmt: skip
    (folder / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    return len(seqs)


def _seqs(found: Assessment) -> set[int]:
    """All that was done from the addresses, in the sessions and by the operators of the answer."""
    asked = found.indicators
    seqs: set[int] = set()
    questions: list[dict[str, Any]] = [
        *({"address": each} for each in found.addresses),
        *({"session_id": each} for each in found.sessions),
        *({"principal_id": str(each)} for each in found.operators),
    ]
    for question in questions:
        seqs |= {
            each.seq
            for each in disclosures(**question, all=True)
            if asked is None or asked.since <= each.at <= asked.until
        }
    return seqs
