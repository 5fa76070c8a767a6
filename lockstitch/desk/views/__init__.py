"""The pages through which personal data and credentials pass, and nothing else."""
