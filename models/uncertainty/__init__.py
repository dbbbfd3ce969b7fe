"""How far forecasts err, learnt from past origins."""
