"""The watch: rules over ledger, signals, orders and files. `rules` names them, `loop` asks them."""
