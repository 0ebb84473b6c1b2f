"""What the texts say: regulations, articles, duties, knobs, and working days."""
