#include "policy/pooling.h"
#include "policy/score.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

// CAKE's weight of the variance (arXiv 2503.12491).
constexpr float variance_weight = 200.0f;

size_t slots_of(const LayerCandidates & layer) {
    return static_cast<size_t>(layer.slots);
}

// Every head's row pooled; what is not finite stays so in its own slot.
std::vector<float> pooled(const std::vector<float> & in, const LayerCandidates & layer, int width,
                          bool maximum) {
    if (width == 1) {
        return in;
    }
    std::vector<float> out(in.size());
    for (size_t base = 0; base < in.size(); base += slots_of(layer)) {
        (maximum ? maximum_pool : average_pool)(in.data() + base, layer.slots, width,
                                                out.data() + base);
    }
    for (size_t i = 0; i < in.size(); i++) {
        out[i] = std::isfinite(in[i]) ? out[i] : NAN;
    }
    return out;
}

// Mean over the group of (L2 of the attention * norm of the projected value), head by head.
std::vector<float> products_of_heads(const LayerCandidates & layer) {
    const size_t slots = slots_of(layer);
    const std::vector<float> & l2 = layer.attention.apart;
    const size_t group = l2.size() / std::max<size_t>(layer.token.size(), 1);
    std::vector<float> mean(layer.token.size(), 0.0f);
    for (size_t i = 0; i < l2.size(); i++) {
        const size_t head = i / slots;
        const float value = layer.value.empty() ? 1.0f : layer.value[i];
        mean[head / group * slots + i % slots] += l2[i] * value / static_cast<float>(group);
    }
    return mean;
}

std::vector<float> fresh_evidence(const Settings & settings, const LayerCandidates & layer) {
    const AttentionStatistics & seen = layer.attention;
    const float rows = static_cast<float>(std::max(seen.rows, 1));
    switch (settings.aggregate) {
        case Aggregate::l2: return seen.l2;
        case Aggregate::maximum: return seen.maximum;
        case Aggregate::apart: return products_of_heads(layer);
        case Aggregate::accumulated: return seen.sum;
        case Aggregate::mean:
        case Aggregate::variance: break;
    }
    std::vector<float> evidence(seen.sum);
    for (size_t i = 0; i < evidence.size(); i++) {
        const float mean = evidence[i] / rows;
        evidence[i] = mean;
        if (settings.aggregate == Aggregate::variance) {
            const float square = seen.l2[i] * seen.l2[i] / rows;
            evidence[i] += variance_weight * std::max(square - mean * mean, 0.0f);
        }
    }
    return evidence;
}

// One set of tokens for the whole layer: its heads hold the same ones.
void share_heads(const LayerCandidates & layer, std::vector<float> & evidence) {
    const size_t slots = slots_of(layer);
    for (size_t slot = 0; slot < slots; slot++) {
        float sum = 0.0f;
        for (size_t i = slot; i < evidence.size(); i += slots) {
            sum += evidence[i];
        }
        for (size_t i = slot; i < evidence.size(); i += slots) {
            evidence[i] = sum / static_cast<float>(layer.kv_heads);
        }
    }
}

void join_carried(const Settings & settings, const LayerCandidates & layer,
                  std::vector<float> & evidence) {
    for (size_t i = 0; i < evidence.size(); i++) {
        const float before = static_cast<float>(settings.carry) * layer.carried[i];
        if (!std::isfinite(before) || layer.carried[i] < 0.0f) {
            continue;
        }
        if (settings.aggregate == Aggregate::accumulated) {
            evidence[i] = std::isfinite(evidence[i]) ? evidence[i] + before : before;
        } else {
            // Written so that a score that is not a number gives way.
            evidence[i] = evidence[i] > before ? evidence[i] : before;
        }
    }
}

// No row scores below the head's mean.
void raise_to_mean(const LayerCandidates & layer, std::vector<float> & score) {
    const size_t slots = slots_of(layer);
    for (size_t base = 0; base < score.size(); base += slots) {
        double sum = 0.0;
        size_t count = 0;
        for (size_t i = base; i < base + slots; i++) {
            if (std::isfinite(score[i])) {
                sum += static_cast<double>(score[i]);
                count++;
            }
        }
        const float mean = count > 0 ? static_cast<float>(sum / static_cast<double>(count)) : 0.0f;
        for (size_t i = base; i < base + slots; i++) {
            score[i] = std::isfinite(score[i]) ? std::max(score[i], mean) : score[i];
        }
    }
}

void weigh_by_values(const Settings & settings, const LayerCandidates & layer,
                     std::vector<float> & score) {
    if (settings.value == ValueTerm::none || settings.aggregate == Aggregate::apart) {
        return;
    }
    if (settings.value != ValueTerm::squared) {
        for (size_t i = 0; i < score.size(); i++) {
            score[i] = (score[i] + static_cast<float>(settings.epsilon)) * layer.value[i];
        }
        return;
    }
    const std::vector<float> prior = pooled(layer.value, layer, settings.value_pool, false);
    const size_t slots = slots_of(layer);
    for (size_t base = 0; base < score.size(); base += slots) {
        float most = 0.0f;
        for (size_t i = base; i < base + slots; i++) {
            most = std::isfinite(prior[i]) ? std::max(most, prior[i]) : most;
        }
        const float factor = most > 0.0f ? 1.0f / most : 0.0f;
        for (size_t i = base; i < base + slots; i++) {
            score[i] *= prior[i] * factor;
        }
    }
}

} // namespace

/// The family of SnapKV, H2O, TOVA, AhaKV, CAKE, CriticalKV, LaProx, DefensiveKV and KVzip:
///
///     e_i = pool(aggregate over the observing rows of the attention to slot i)
///     e_i = max(carry * carried_i, e_i), or carried_i + e_i where attention accumulates
///     s_i = e_i, raised to the head's mean where it defends, divided by the rows that could see
///           the token where it accumulates, and multiplied by the value's term
///
/// Deviation from the papers, which compress once: in a stream the newest window alone would turn
/// the cache into a recency cache, so a survivor keeps the evidence that earlier windows gave for
/// it. carry 0 scores anew every time. Pooling runs over the slots that are still held, and after
/// the aggregation (DefensiveKV pools each row before it).
LayerScore attention_score(const Settings & settings, const LayerCandidates & layer,
                           const ScorePlace & place) {
    LayerScore score;
    score.evidence =
        pooled(fresh_evidence(settings, layer), layer, settings.pool, settings.pool_maximum);
    if (settings.shared_heads) {
        share_heads(layer, score.evidence);
    }
    join_carried(settings, layer, score.evidence);
    score.rank = score.evidence;
    if (settings.aggregate == Aggregate::accumulated) {
        for (size_t i = 0; i < score.rank.size(); i++) {
            const int64_t seen = place.stream_tokens - layer.token[i];
            score.rank[i] /= static_cast<float>(std::max<int64_t>(seen, 1));
        }
    }
    if (settings.defend) {
        raise_to_mean(layer, score.rank);
    }
    weigh_by_values(settings, layer, score.rank);
    return score;
}

} // namespace loci
