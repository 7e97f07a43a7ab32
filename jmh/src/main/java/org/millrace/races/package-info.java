/**
 * Races: what two threads of a node do to one structure at the same time, run by jcstress until every interleaving
 * that the machine will show has been seen. Each test is a nested class, its outcomes say which interleaving gives
 * them, and whatever is not listed is forbidden.
 *
 * <p>The tests stand in the packages of what they test, so that they need no door that the structure does not have
 * anyway; here is what they share. {@link org.millrace.races.RacesMain} runs them:
 * <pre>
 *   mvn verify                                       the most telling ones for a moment each
 *   mvn -Pnightly verify                             all of them, in every mode of compilation
 *   java -cp jmh/target/benchmarks.jar org.millrace.races.RacesMain -t KeyReaderRaces -m quick
 *   java -cp jmh/target/benchmarks.jar org.millrace.races.RacesMain -h
 * </pre>
 * Plain {@code org.openjdk.jcstress.Main} does too, if it is given {@code -strideSize 16 -strideCount 4} and the flags
 * of config/jvm.args as {@code -jvmArgsPrepend}: a state here holds memory outside the heap, of which a
 * {@link org.millrace.races.Pool} has so much for so many. The report is {@code target/races/index.html}.
 *
 * <p>What threads share, found by looking for release and acquire, volatile, fences and queues, and what covers it;
 * "Lincheck" are tests of {@code engine} and "JDK" is what needs no proof of ours:
 * <pre>
 *   memory.Epochs               EpochsRaces, KeyReaderRaces.Reuse and .Expel; with EpochsRaces.Stay and .Shut also
 *                               keyspace.ValueView and the end of a data set
 *   memory.OffHeap (addresses)  KeyReaderRaces, IndexReaderRaces: every reference that a reader translates
 *   keyspace.KeyReader with
 *     PageEditor, Bucket        KeyReaderRaces.Overwrite, .Insert; IndexReaderRaces.Displace, .SendHome, .Stash,
 *                               .StashGroup
 *     PageSplitter              IndexReaderRaces.Split, .SplitAndDouble, .MergeAndHalve
 *     Directory, DataSet        IndexReaderRaces.SplitAndDouble; KeyReaderRaces.Swap, .Flush
 *     Entry (access clock)      KeyReaderRaces.DeadlineAndClock
 *     ByteTree, StringEditor    KeyReaderRaces.LargeValue, .LargeValueExpel
 *     all of it                 Lincheck: KeyReaderLincheckTest
 *   tree.TreeReader, TreeHead   TreeReaderRaces, RankReaderRaces; with threads: TreeThreadsTest of engine; Lincheck:
 *                               TreeReaderLincheckTest
 *   keyspace.ElementReader      the same; with threads: ElementReaderTest of engine
 *   keyspace.ViewPin, datatype.CollectionView
 *                               ViewPinRaces; with threads: CollectionViewTest of engine
 *   keyspace.Cut                CutRaces, SnapshotterRaces
 *   backlog.BacklogRing, BacklogReader, PublishedOffset
 *                               BacklogRaces.Append, .Grow, .Recycle, .Trim; Lincheck: BacklogLincheckTest
 *   backlog.ReplicationStream   BacklogRaces.EndOffset, .GiveUp
 *   backlog.PreparedSegments    BacklogRaces.Prepare; Lincheck: PreparedSegmentsLincheckTest
 *   snapshot.Image, ImageSlice, ImageCursor, SlicePool
 *                               ImageRaces; Lincheck: ImageLincheckTest
 *   snapshot.SpoolFile, io.file.FileSpoolStorage (a thread that writes behind)
 *                               ImageRaces.FileBehind, .LetGoBehindFile
 *   snapshot.Snapshotter        SnapshotterRaces
 *   base.ParkFlag               FeederRaces.Park
 *   replication.primary.Feeder, FeederMailbox (one-to-one queue, wake-up, count of changes)
 *                               FeederRaces.Post, .Ack
 *   replication.primary.ReplicaStatus
 *                               FeederRaces.Ack, .Close; other numbers stand for themselves
 *   command.ReadGate            ReadGateRaces
 *   readers.ReaderPort          ReaderPortRaces; its rings and queue are Agrona's, its views an atomic reference (JDK)
 *   readers.ReadCounts          an array of atomic numbers (JDK), each for itself
 *   io.net.NioReactor           NioReactorRaces
 *   io.thread.Nap               base.ParkFlag, LockSupport (JDK)
 *   io.thread.AgentThread       rests on one of the two, or for a reader thread on either; a volatile flag to stop
 *   embed.CommandInbox          a many-to-one ring (Agrona), futures and a concurrent map (JDK); it wakes the writer as
 *                               NioReactorRaces.Park does
 *   embed.ViewPins              an atomic number (JDK) behind which the pins say what they want; it wakes the writer as that
 *   io.runtime.BackgroundRelease  an executor's queue (JDK)
 *   io.file.SnapshotFile, io.log.ServerLog, io.host.ProcessFigures, embed.NodeFigures
 *                               single volatile fields and concurrent maps, each for itself (JDK)
 * </pre>
 */
package org.millrace.races;
