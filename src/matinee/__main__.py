"""`python -m matinee` is the `matinee` command."""

from matinee.cli import main

if __name__ == "__main__":
    main()
