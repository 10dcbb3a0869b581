"""The registry: labs, release decisions, norms, declarations and the analyses that test them."""
