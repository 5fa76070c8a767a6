"""Papers as PDF: what stands in them is computed here; how it looks is in the `.typ` files."""
