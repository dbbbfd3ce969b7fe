"""Tables of a plan that are worked out from all of it: each from a `Made`, or from the parts it needs."""
