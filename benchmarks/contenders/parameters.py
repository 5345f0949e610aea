import sys


def parameter(name, fallback):
    """A parameter of the command line, `name=value`, as a value of the fallback's type."""
    for argument in reversed(sys.argv):
        if argument.startswith(name + "="):
            return type(fallback)(argument[len(name) + 1 :])
    return fallback
