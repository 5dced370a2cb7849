package io.github.accesstokens.samples.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;

/** A line on a terminal that counts the seconds of a step. */
final class ProgressLine extends TimerTask {
  private final PrintStream terminal;
  private final String step;
  private int ticks;
  private String line = "";
  private boolean ended;

  private ProgressLine(PrintStream terminal, String step) {
    this.terminal = terminal;
    this.step = step;
  }

  /** Starts a line on standard error, or a hidden one if that is not a terminal. */
  static ProgressLine start(ProcessEnvironment environment, String step, Duration tick) {
    ProgressLine progress = new ProgressLine(environment.err(), step);
    if (environment.errIsTerminal().getAsBoolean()) {
      progress.show();
      new Timer(true).scheduleAtFixedRate(progress, tick.toMillis(), tick.toMillis());
    } else {
      progress.ended = true;
    }
    return progress;
  }

  /** Shows the next tick. */
  @Override
  public synchronized void run() {
    // A tick may be waiting for the lock while the line ends.
    if (!ended) {
      ticks++;
      show();
    }
  }

  /** Prints a text in place of the line, which the next tick shows again below. */
  synchronized void printAbove(String text) {
    erase();
    terminal.println(text);
  }

  private synchronized void show() {
    line = step + "... " + ticks + " s";
    terminal.print("\r" + line);
    terminal.flush();
  }

  /** Erases the line. */
  synchronized void end() {
    if (!ended) {
      erase();
      ended = true;
      cancel();
    }
  }

  private void erase() {
    if (!ended) {
      terminal.print("\r" + " ".repeat(line.length()) + "\r");
      terminal.flush();
      line = "";
    }
  }
}
