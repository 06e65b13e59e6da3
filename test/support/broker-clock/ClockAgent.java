import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;

/** Gives a JVM another org.apache.kafka.common.utils.SystemTime. Its argument is the directory that has the class and the clock. */
public final class ClockAgent {
  private static final String SYSTEM_TIME = "org/apache/kafka/common/utils/SystemTime";

  private ClockAgent() {}

  public static void premain(String directory, Instrumentation instrumentation) throws Exception {
    byte[] replacement = Files.readAllBytes(Path.of(directory, SYSTEM_TIME + ".class"));
    System.setProperty("broker.clock.directory", directory);
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] original) {
            return SYSTEM_TIME.equals(name) ? replacement : null;
          }
        });
  }
}
