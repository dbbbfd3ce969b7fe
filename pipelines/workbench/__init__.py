"""What a data scientist runs by hand: backtest, compare, explain, script."""
