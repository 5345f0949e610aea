import time

from parameters import parameter
from queue_work import CONTEXT, bound_of, count_for, produce, wanted_kind, warm_up_of


def produce_in_crowd(queue, ready, gate, kind, count):
    produce(queue, kind, warm_up_of(count))
    ready.release()
    gate.acquire()
    produce(queue, kind, count)


def consume(queue, ready, gate, done, count):
    for _ in range(warm_up_of(count)):
        queue.get()
    ready.release()
    # Without it, some would take what others lack for their warm-up.
    gate.acquire()
    for _ in range(count):
        queue.get()
    done.release()


if __name__ == "__main__":
    agents = parameter("agents", 4)
    kind = wanted_kind()
    count = -(-count_for(kind) // agents)
    queue = CONTEXT.Queue(bound_of(kind, 1000))
    ready, gate, done = (CONTEXT.Semaphore(0) for _ in range(3))
    puts = (queue, ready, gate, kind, count)
    gets = (queue, ready, gate, done, count)
    children = [CONTEXT.Process(target=produce_in_crowd, args=puts) for _ in range(agents)]
    children += [CONTEXT.Process(target=consume, args=gets) for _ in range(agents)]
    for child in children:
        child.start()
    for _ in children:
        ready.acquire()
    start = time.perf_counter()
    for _ in children:
        gate.release()
    for _ in range(agents):
        done.acquire()
    print((time.perf_counter() - start) / (count * agents) * 1e6)
    for child in children:
        child.join()
