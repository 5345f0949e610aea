def add(a, b):
    return a + b


def square(x):
    return x * x


def echo(value):
    return value
