package tollgate.it.http2;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a server must get right, by section. One thread. */
final class Cases {
  private final List<Case> all = new ArrayList<>();
  private final boolean isTls;

  private Cases(boolean isTls) {
    this.isTls = isTls;
  }

  /** One case on connections of its own. */
  record Case(String section, String title, Steps steps) {
    @Override
    public String toString() {
      return section + " " + title;
    }
  }

  /** What is done and expected. */
  @FunctionalInterface
  interface Steps {
    void run(Probe probe) throws IOException;
  }

  static List<Case> all(boolean isTls) {
    Cases cases = new Cases(isTls);
    PrefaceCases.addTo(cases);
    FormatCases.addTo(cases);
    StateCases.addTo(cases);
    StreamCases.addTo(cases);
    FrameCases.addTo(cases);
    SettingsCases.addTo(cases);
    WindowCases.addTo(cases);
    MessageCases.addTo(cases);
    FieldCases.addTo(cases);
    PseudoFieldCases.addTo(cases);
    HpackCases.addTo(cases);
    return List.copyOf(cases.all);
  }

  void add(String section, String title, Steps steps) {
    all.add(new Case(section, title, steps));
  }

  void addOverTls(String section, String title, Steps steps) {
    if (isTls) {
      add(section, title, steps);
    }
  }

  void addInCleartext(String section, String title, Steps steps) {
    if (!isTls) {
      add(section, title, steps);
    }
  }
}
