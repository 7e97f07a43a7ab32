package org.millrace.io.net;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.millrace.races.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A thread blocks in its selector while another one makes work for it: a real selector, a real wake-up. */
public final class NioReactorRaces
{
    /** So long that who sleeps it out was not woken, however busy the machine is. */
    private static final long BLOCK_NS = 20_000_000_000L;
    private static final long LOST_NS = BLOCK_NS / 2;

    private static final int LOST = 0;
    private static final int SEEN = 1;
    private static final int WOKEN = 2;

    private NioReactorRaces()
    {
    }

    /** Blocks. @return whether it was for so long that the wake-up was lost. */
    private static int block(final NioReactor reactor)
    {
        final long startNs = System.nanoTime();
        reactor.block(BLOCK_NS);
        return System.nanoTime() - startNs >= LOST_NS ? LOST : WOKEN;
    }

    /** The flag of {@link NioReactor#parking}: work, then {@code wakeup}; flag, then a last look. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The last look saw the work.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Blocked, and was woken.")
    @State
    public static class Park
    {
        private static final Pool<NioReactor> REACTORS = new Pool<>(() -> new NioReactor(null));

        private final NioReactor reactor = REACTORS.take();
        private volatile boolean hasWork;

        @Actor
        public void run(final I_Result r)
        {
            reactor.parking(true);
            r.r1 = hasWork ? SEEN : block(reactor);
            reactor.parking(false);
        }

        @Actor
        public void work()
        {
            hasWork = true;
            reactor.wakeup();
        }

        @Arbiter
        public void end(final I_Result r)
        {
            reactor.poll();
            REACTORS.give(reactor);
        }
    }

    /** A task comes from another thread. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Whether it blocked or not, the task was run.")
    @State
    public static class Execute
    {
        private static final Pool<NioReactor> REACTORS = new Pool<>(() -> new NioReactor(null));

        private final NioReactor reactor = REACTORS.take();
        private boolean hasRun;

        @Actor
        public void run(final I_Result r)
        {
            r.r1 = WOKEN;
            while (!hasRun && WOKEN == r.r1)
            {
                reactor.parking(true);
                r.r1 = block(reactor);
                reactor.parking(false);
            }
        }

        @Actor
        public void work()
        {
            reactor.execute(() -> hasRun = true);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            REACTORS.give(reactor);
        }
    }
}
