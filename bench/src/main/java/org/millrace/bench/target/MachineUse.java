package org.millrace.bench.target;

/**
 * Who has used the CPUs of this machine during a time: the hypervisor for others, processes that are not ours. Immutable.
 *
 * @param stealShare  of the time of all CPUs, 0 to 1, that the hypervisor has given to other machines.
 * @param othersShare of the same, used by processes that neither are this one nor descend from it.
 */
public record MachineUse(double stealShare, double othersShare)
{
    /** Shares from which on a measurement counts as disturbed. */
    public static final double BUSY_SHARE = 0.05;

    /** Running sums when watching began. */
    public static final class Watch
    {
        private final ProcFs procFs;
        private final long[] before;
        private final long ownBeforeUs;

        private Watch(final ProcFs procFs)
        {
            this.procFs = procFs;
            before = procFs.machineUs();
            ownBeforeUs = procFs.ownUs();
        }

        /**
         * What happened since then; null where the system does not tell, or if too little time has passed to say.
         */
        public MachineUse finish()
        {
            final long ownUs = procFs.ownUs() - ownBeforeUs;
            final long[] now = procFs.machineUs();
            if (null == before || null == now)
            {
                return null;
            }

            return of(
                now[ProcFs.ALL] - before[ProcFs.ALL],
                now[ProcFs.PROCESSES] - before[ProcFs.PROCESSES],
                now[ProcFs.STEAL] - before[ProcFs.STEAL],
                ownUs);
        }
    }

    /** Begins to watch. */
    public static Watch watch()
    {
        return new Watch(ProcFs.ofThisMachine());
    }

    static MachineUse of(final long allUs, final long processesUs, final long stealUs, final long ownUs)
    {
        return allUs <= 0
            ? null
            : new MachineUse(stealUs / (double)allUs, Math.max(0, processesUs - ownUs) / (double)allUs);
    }

    /** True if what was measured meanwhile was disturbed. */
    public boolean isBusy()
    {
        return stealShare + othersShare > BUSY_SHARE;
    }
}
