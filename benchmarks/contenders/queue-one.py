import time

from parameters import parameter
from queue_work import CONTEXT, bound_of, count_for, produce, wanted_kind

if __name__ == "__main__":
    kind = wanted_kind()
    is_simple = parameter("form", "") == "simple"
    queue = CONTEXT.SimpleQueue() if is_simple else CONTEXT.Queue(bound_of(kind, 0))
    count = count_for(kind)
    warm = -(-count // 10)
    child = CONTEXT.Process(target=produce, args=(queue, kind, warm + count))
    child.start()
    for i in range(warm + count):
        if i == warm:
            start = time.perf_counter()
        queue.get()
    print((time.perf_counter() - start) / count * 1e6)
    child.join()
