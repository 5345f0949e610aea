import multiprocessing
import time

ROUNDS = 100_000


def work(lock, gate):
    gate.acquire()
    gate.release()
    for _ in range(ROUNDS):
        lock.acquire()
        lock.release()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    lock, gate = context.Lock(), context.Lock()
    gate.acquire()
    children = [context.Process(target=work, args=(lock, gate)) for _ in range(2)]
    for child in children:
        child.start()
    time.sleep(0.3)
    start = time.perf_counter()
    gate.release()
    for child in children:
        child.join()
    print((time.perf_counter() - start) / (2 * ROUNDS) * 1e9)
