"""After a break-in: whose data was disclosed, computed from the ledger, and the letters to them."""
