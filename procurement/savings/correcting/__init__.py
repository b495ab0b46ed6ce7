"""Ways on after the computation: computing again, later days, a step back."""
