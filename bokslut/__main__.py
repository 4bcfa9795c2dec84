"""Run the command line as `python -m bokslut`."""

from bokslut.cli import app

if __name__ == "__main__":
    app(prog_name="bokslut")
