package org.millrace.engine.node.clients;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.interest.Deadlines;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.interest.Waiter;
import org.millrace.engine.resp.ReplyTooLongException;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Clients that wait in a command, and how each wait ends: served by what the command waits for, timed out, unblocked by
 * somebody, thrown out with the role of this node, or with the client. Whoever was answered goes on with its next command
 * in the duty cycle. Writer thread.
 */
final class BlockedClients
{
    private final Clients clients;
    private final CommandExecutor executor;
    private final KeyInterest keys;
    private final Deadlines deadlines = new Deadlines();

    /** Not that of the running command: who is served may be so at the end of another client's command. */
    private final ReplyWriter reply = new ReplyWriter();

    /** They have been answered: what they have sent meanwhile is to be run. */
    private final List<ClientSession> answered = new ArrayList<>();
    private int count;

    BlockedClients(final Clients clients, final CommandExecutor executor, final KeyInterest keys)
    {
        this.clients = clients;
        this.executor = executor;
        this.keys = keys;
    }

    /** The command that the client runs answers later. */
    Blocked add(final ClientSession session, final BlockedCommand command)
    {
        final Blocked blocked = new Blocked(session, command);
        count++;
        command.await(blocked, keys);
        deadlines.add(blocked, command.deadlineNs(), executor.writer().nowNs());
        return blocked;
    }

    /** Clients that wait. */
    int count()
    {
        return count;
    }

    /** Those of them that wait until a deadline. */
    int timedCount()
    {
        return deadlines.size();
    }

    /** Duty cycle. @return how many were answered, or go on. */
    int doWork(final long nowNs)
    {
        final int work = deadlines.poll(nowNs);
        // Keys that were fed outside of any client's command, or while writes were paused.
        executor.writer().unitEnded();
        return answered.isEmpty() ? work : work + resume();
    }

    /** Who goes on may have others answered, and wait again itself: those are for the next turn. */
    private int resume()
    {
        final int going = answered.size();
        for (int i = 0; i < going; i++)
        {
            answered.get(i).resume();
        }

        answered.subList(0, going).clear();
        return going;
    }

    /** Earliest time at which {@link #doWork} has something to do without an event. */
    long nextDeadlineNs()
    {
        return answered.isEmpty() ? deadlines.earliestNs() : executor.writer().nowNs();
    }

    /** This node has become a replica: nothing that clients wait for will come. */
    void throwOut()
    {
        for (final ClientSession session : clients.snapshot())
        {
            final Blocked blocked = session.blocked();
            if (null != blocked && blocked.command.endsWithRole())
            {
                blocked.fail(Replies.UNBLOCKED_BY_ROLE);
                session.closeAfterReplies();
            }
        }
    }

    /** One client that waits. */
    final class Blocked extends Waiter
    {
        private final ClientSession session;
        private final BlockedCommand command;
        private final CommandSpec row;

        private Blocked(final ClientSession session, final BlockedCommand command)
        {
            this.session = session;
            this.command = command;
            row = session.lastSpec;
        }

        @Override
        protected boolean serve(final WaitQueue by)
        {
            if (command.runsAgain())
            {
                leave();
            }

            session.output().beginDeferred(reply);
            try
            {
                if (!executor.answer(session, row, command, by, reply))
                {
                    waitOn();
                    return false;
                }
            }
            catch (final ReplyTooLongException | OutOfMemoryError e)
            {
                if (!executor.abandon(e) && e instanceof OutOfMemoryError error)
                {
                    throw error;
                }

                clients.warnOfClose(session, e.getMessage());
                clients.close(session);
                return true;
            }

            answered();
            return true;
        }

        private void waitOn()
        {
            session.output().endDeferred();
            if (command.runsAgain())
            {
                command.await(this, keys);
            }
        }

        @Override
        protected void timeOut()
        {
            unblock();
        }

        /** As if its time were over. @return false if it has no such reply, and waits on. */
        boolean unblock()
        {
            session.output().beginDeferred(reply);
            if (!command.timeOut(reply))
            {
                session.output().endDeferred();
                return false;
            }

            executor.timedOut(row);
            answered();
            return true;
        }

        /** Answer in its place. */
        void fail(final String error)
        {
            session.output().beginDeferred(reply);
            executor.fail(row, error, reply);
            answered();
        }

        private void answered()
        {
            session.output().endDeferred();
            session.commandEnded(row);
            end();
            answered.add(session);
        }

        /** It waits no longer: answered, or its client is gone. */
        void end()
        {
            leave();
            deadlines.remove(this);
            session.unblocked();
            command.end();
            count--;
        }
    }
}
