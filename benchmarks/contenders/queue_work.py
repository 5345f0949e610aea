import multiprocessing

from parameters import parameter

CONTEXT = multiprocessing.get_context("spawn")


def wanted_kind():
    """The kind that the command line asks for."""
    return parameter("size", "") or parameter("kind", "int")


def maker(kind):
    if kind == "int":
        return lambda i: i & 1023
    if kind == "object":
        return lambda i: {"id": i, "name": "item", "isDone": True}
    data = b"\7" * int(kind)
    return lambda i: data


def count_for(kind):
    """How many items of a kind make a run of a second or less."""
    if not kind.isdigit():
        return 40_000
    return max(20, min(40_000, 200_000_000 // int(kind)))


def bound_of(kind, fallback):
    """Large items need not fill the memory."""
    large = kind.isdigit() and int(kind) > 10_000
    return max(4, 2**23 // int(kind)) if large else fallback


def warm_up_of(count):
    return -(-count // 10)


def produce(queue, kind, count):
    make = maker(kind)
    for i in range(count):
        queue.put(make(i))
