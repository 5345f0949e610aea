import time

from parameters import parameter
from queue_work import CONTEXT, bound_of, count_for, produce, wanted_kind, warm_up_of


def get_all(queue, count):
    for _ in range(count):
        queue.get()


if __name__ == "__main__":
    kind = wanted_kind()
    is_simple = parameter("form", "") == "simple"
    queue = CONTEXT.SimpleQueue() if is_simple else CONTEXT.Queue(bound_of(kind, 0))
    count = count_for(kind)
    warm = warm_up_of(count)
    child = CONTEXT.Process(target=produce, args=(queue, kind, warm + count))
    child.start()
    get_all(queue, warm)
    start = time.perf_counter()
    get_all(queue, count)
    print((time.perf_counter() - start) / count * 1e6)
    child.join()
