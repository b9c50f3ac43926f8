#include "policy/observers.h"

namespace loci {

void Observers::declare(ParameterList & list) {
    list.word<Rows>("rows", rows,
                    { { "last", Rows::last },
                      { "all", Rows::all },
                      { "probe", Rows::probe },
                      { "both", Rows::both },
                      { "repeat", Rows::repeat } },
                    "Who observes: the chunk's last `window` tokens, all of them, a probe that is "
                    "appended and removed, the last ones and the probe, or a repetition of the "
                    "chunk; counts where the score or the allocation reads attention.");
    list.whole("window", window, 1, 512, "How many of the chunk's last tokens observe.");
    list.word<bool>("softmax", self_guided, { { "model", false }, { "guided", true } },
                    "The scale of the observers' softmax: the model's own, or AhaKV's.");
}

int Observers::own_rows() const noexcept {
    return rows == Rows::last || rows == Rows::both ? window : 0;
}

} // namespace loci
