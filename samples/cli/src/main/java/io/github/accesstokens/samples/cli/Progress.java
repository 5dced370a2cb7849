package io.github.accesstokens.samples.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;

/** A line on a terminal that tells how long something takes, and goes when it is done. */
final class Progress extends TimerTask {
  private final PrintStream terminal;
  private final String what;
  private int ticks;
  private String line = "";
  private boolean ended;

  private Progress(PrintStream terminal, String what) {
    this.terminal = terminal;
    this.what = what;
  }

  static Progress start(PrintStream terminal, String what, Duration tick) {
    Progress progress = new Progress(terminal, what);
    progress.show();
    new Timer(true).scheduleAtFixedRate(progress, tick.toMillis(), tick.toMillis());
    return progress;
  }

  /** One that shows nothing, for what is no terminal. */
  static Progress hidden(PrintStream file) {
    Progress progress = new Progress(file, "");
    progress.ended = true;
    return progress;
  }

  /** A tick. */
  @Override
  public synchronized void run() {
    // The timer may have been about to when the line was erased.
    if (!ended) {
      ticks++;
      show();
    }
  }

  private synchronized void show() {
    line = what + "... " + ticks + " s";
    terminal.print("\r" + line);
    terminal.flush();
  }

  /** Erases the line; once. */
  synchronized void end() {
    if (!ended) {
      ended = true;
      cancel();
      terminal.print("\r" + " ".repeat(line.length()) + "\r");
      terminal.flush();
    }
  }
}
