"""What a finding means: its severity, words, contributors, effects and chart."""
