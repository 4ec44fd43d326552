package tollgate.walls;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Maven, module descriptors and package-private do not hold. */
class ArchitectureTest {
  private static final String[] BRACED = {
    "tollgate.transport..", "tollgate.handlers..", "tollgate.analytics.."
  };

  /** Calls that make a thread wait, by owner. */
  private static final Set<String> WAITS =
      Set.of(
          "java.lang.Thread.sleep",
          "java.util.concurrent.TimeUnit.sleep",
          "java.util.concurrent.Future.get",
          "java.util.concurrent.CompletableFuture.get",
          "java.util.concurrent.CompletableFuture.join",
          "java.util.concurrent.CountDownLatch.await",
          "io.netty.util.concurrent.Future.sync",
          "io.netty.util.concurrent.Future.await",
          "io.netty.util.concurrent.Future.syncUninterruptibly",
          "io.netty.util.concurrent.Future.awaitUninterruptibly",
          "io.netty.channel.ChannelFuture.sync",
          "io.netty.channel.ChannelFuture.await",
          "io.netty.channel.ChannelFuture.syncUninterruptibly",
          "io.netty.channel.ChannelFuture.awaitUninterruptibly");

  @Test
  void findsTheProduct() {
    assertThat(Built.CLASSES.size()).isGreaterThan(300);
  }

  @Test
  void modulesUseOnlyThoseToTheirLeft() {
    noClasses()
        .that()
        .resideInAPackage("tollgate.config..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "tollgate.core..",
            "tollgate.transport..",
            "tollgate.handlers..",
            "tollgate.analytics..",
            "tollgate.dist..",
            "io.netty..")
        .check(Built.CLASSES);
    noClasses()
        .that()
        .resideInAPackage("tollgate.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "tollgate.transport..",
            "tollgate.handlers..",
            "tollgate.analytics..",
            "tollgate.dist..")
        .check(Built.CLASSES);
    for (String module : BRACED) {
      noClasses()
          .that()
          .resideInAPackage(module)
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.resideInAnyPackage(BRACED)
                  .or(JavaClass.Predicates.resideInAPackage("tollgate.dist.."))
                  .and(are(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(module)))))
          .check(Built.CLASSES);
    }
  }

  @Test
  void packagesFormNoCycles() {
    for (String module :
        new String[] {"config", "core", "transport", "handlers", "analytics", "dist"}) {
      slices()
          .matching("tollgate." + module + ".(*)..")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true)
          .check(Built.CLASSES);
    }
  }

  @Test
  void handlersAreIndependentOfOneAnother() {
    slices()
        .matching("tollgate.handlers.(*)..")
        .should()
        .notDependOnEachOther()
        .check(Built.CLASSES);
  }

  @Test
  void onlyTheTransportNamesChannels() {
    noClasses()
        .that()
        .resideOutsideOfPackage("tollgate.transport..")
        // It says what the process runs on, and opens nothing.
        .and()
        .doNotHaveFullyQualifiedName("tollgate.dist.cli.VersionCommand")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.netty.channel..",
            "io.netty.handler..",
            "io.netty.resolver..",
            "io.netty.bootstrap..")
        .check(Built.CLASSES);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty.handler.codec.http..")
        .check(Built.CLASSES);
  }

  @Test
  void nothingOnEventLoopsWaits() {
    classes()
        .that()
        .resideInAnyPackage("tollgate.core..", "tollgate.transport..", "tollgate.handlers..")
        .should(onlyWaitWhereTheNameSaysSo())
        .check(Built.CLASSES);
  }

  private static ArchCondition<JavaClass> onlyWaitWhereTheNameSaysSo() {
    return new ArchCondition<>("wait only in methods whose name ends in Blocking") {
      @Override
      public void check(JavaClass owner, ConditionEvents events) {
        for (JavaMethodCall call : owner.getMethodCallsFromSelf()) {
          String target = call.getTargetOwner().getFullName() + "." + call.getName();
          boolean mayWait = call.getOrigin().getName().endsWith("Blocking");
          if (WAITS.contains(target) && !mayWait) {
            events.add(SimpleConditionEvent.violated(call, call.getDescription()));
          }
        }
      }
    };
  }

  @Test
  void namesSaySomething() {
    Pattern empty =
        Pattern.compile(".*(Util|Utils|Helper|(?<!Key)Manager|Impl)|Abstract.*|Base[A-Z].*");
    assertThat(
            Built.CLASSES.stream()
                .map(JavaClass::getSimpleName)
                .filter(name -> empty.matcher(name).matches()))
        .isEmpty();
    assertThat(Built.CLASSES.stream().map(JavaClass::getPackageName))
        .noneMatch(
            name -> name.matches(".*\\.(util|utils|common|impl|base|misc|internal)(\\..*)?"));
  }

  @Test
  void packagesStandOneLevelBelowTheirModule() {
    assertThat(Built.CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .allMatch(name ->
            name.matches("tollgate\\.[a-z]+(\\.[a-z0-9]+)?")
                // The message model has a package for each form of payload.
                || name.matches("tollgate\\.core\\.message\\.[a-z]+"));
  }

  @Test
  void configurationModelIsRecordsEnumsAndSealedInterfaces() {
    assertThat(
            Built.CLASSES.stream()
                .filter(found -> found.getPackageName().equals("tollgate.config.model")))
        .isNotEmpty()
        .allMatch(ArchitectureTest::isPlain, "is a record, an enum or a sealed interface");
  }

  private static boolean isPlain(JavaClass found) {
    Class<?> type = found.reflect();
    return found.getSimpleName().equals("package-info")
        || found.isRecord()
        || found.isEnum()
        || Enum.class.isAssignableFrom(type)
        || (found.isInterface() && type.isSealed())
        || type.isAnonymousClass();
  }

  @Test
  void classesAreFinalOrSealedUnlessTheyAreMadeToBeExtended() {
    assertThat(
            Built.CLASSES.stream()
                .filter(found ->
                    !found.isInterface()
                        && !found.isRecord()
                        && !found.isEnum()
                        && !found.isAnonymousClass())
                .filter(found -> !found.getModifiers().contains(JavaModifier.FINAL))
                .filter(found -> !found.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(found -> !Enum.class.isAssignableFrom(found.reflect()))
                .filter(found -> !found.reflect().isSealed())
                .filter(found -> found.getSubclasses().isEmpty())
                .map(JavaClass::getFullName))
        .isEmpty();
  }
}
