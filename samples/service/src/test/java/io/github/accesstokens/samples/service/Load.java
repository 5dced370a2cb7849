package io.github.accesstokens.samples.service;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Requests a page without a pause on two threads, and counts what fails. */
final class Load {
  private static final int THREADS = 2;

  private final OkHttpClient http;
  private final Request request;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;
  private int requests;
  private int failures;

  Load(OkHttpClient http, String url) {
    this.http = http;
    // Without a body, each response is one packet, and no acknowledgement is delayed.
    this.request = new Request.Builder().url(url).head().build();
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(this::run, "load " + i);
      thread.start();
      threads.add(thread);
    }
  }

  private void run() {
    while (!stopped) {
      boolean failed;
      try (Response response = http.newCall(request).execute()) {
        failed = !response.isSuccessful();
      } catch (IOException e) {
        failed = true;
      }
      count(failed);
    }
  }

  private synchronized void count(boolean failed) {
    requests++;
    failures += failed ? 1 : 0;
    notifyAll();
  }

  synchronized int requests() {
    return requests;
  }

  private synchronized int failures() {
    return failures;
  }

  /** Waits for this many more requests to end: a clock that needs no sleeping. */
  synchronized void await(int more) throws InterruptedException, TimeoutException {
    int target = requests + more;
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (requests < target) {
      long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0) {
        throw new TimeoutException("the load does not go on");
      }
      wait(left);
    }
  }

  /** Ends the load, after the requests in progress, and returns how many requests failed. */
  int stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    return failures();
  }
}
