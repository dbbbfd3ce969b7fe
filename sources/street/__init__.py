"""Street-level crime as police.uk publishes it."""
