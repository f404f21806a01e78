"""Ready-made machine learning steps. Importing this package loads nothing else."""
