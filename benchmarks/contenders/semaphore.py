import multiprocessing
import time

ROUNDS = 1_000_000

if __name__ == "__main__":
    semaphore = multiprocessing.get_context("spawn").Semaphore(3)
    acquire, release = semaphore.acquire, semaphore.release
    start = time.perf_counter()
    for _ in range(ROUNDS):
        acquire()
        release()
    print((time.perf_counter() - start) / ROUNDS * 1e9)
