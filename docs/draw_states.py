"""Draws the state machines of the code into docs/states.md. Run it after changing one."""

from pathlib import Path

from lockstitch.fulfilment.rules import PARCEL
from lockstitch.orders.rules import MACHINES
from lockstitch.returns.rules import STATES

HEAD = """# States

Drawn by `docs/draw_states.py` from the tables that the program itself obeys; `tests/test_states.py`
fails when they differ. Each change of an order is an event with who and when, never altered.
"""
TITLES = {
    "status": ("The order (受注)", "placed", "pending"),
    "payment": ("Its money (入金・売上)", "awaiting", "authorised", "captured"),
    "fulfilment": ("Its goods (出荷)", "unshipped"),
    "parcel": ("A parcel (送り状)", "planned"),
    "return": ("A return (返品・交換)", "asked"),
}


def drawn() -> str:
    machines = {**MACHINES, "parcel": PARCEL, "return": STATES}
    parts = [HEAD]
    for name, (title, *starts) in TITLES.items():
        table = machines[name]
        arrows = [f"  [*] --> {state}" for state in starts]
        arrows += [f"  {state} --> {to}" for state in table for to in sorted(table[state])]
        arrows += [f"  {state} --> [*]" for state in table if not table[state]]
        parts.append(f"\n## {title}\n```mermaid\nstateDiagram-v2\n" + "\n".join(arrows) + "\n```\n")
    return "".join(parts)


if __name__ == "__main__":
    Path(__file__).with_name("states.md").write_text(drawn())
