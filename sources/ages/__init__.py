"""Ages of victims and suspects, from whichever source tells of them."""
