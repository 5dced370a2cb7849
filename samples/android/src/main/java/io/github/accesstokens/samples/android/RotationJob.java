package io.github.accesstokens.samples.android;

import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.app.job.JobService;
import android.content.ComponentName;
import android.content.Context;
import io.github.accesstokens.samples.android.TokenRotation.State;
import java.util.concurrent.TimeUnit;

/** Rotates in the background, once a week. */
public final class RotationJob extends JobService {
  private static final int ID = 1;

  /** Schedules the job, unless it is scheduled already. */
  static void schedule(Context context) {
    JobScheduler scheduler = context.getSystemService(JobScheduler.class);
    if (scheduler.getPendingJob(ID) == null) {
      scheduler.schedule(
          new JobInfo.Builder(ID, new ComponentName(context, RotationJob.class))
              .setPeriodic(TimeUnit.DAYS.toMillis(7))
              .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
              .build());
    }
  }

  @Override
  public boolean onStartJob(JobParameters parameters) {
    SampleApp.rotation(this)
        .start(
            state ->
                // Only what was certainly not applied may run again without the user.
                jobFinished(parameters, state == State.NOT_APPLIED || state == State.NOT_STORED));
    return true;
  }

  /** Lets the rotation go on: after a cancellation, its outcome would be unknown. */
  @Override
  public boolean onStopJob(JobParameters parameters) {
    return false;
  }
}
