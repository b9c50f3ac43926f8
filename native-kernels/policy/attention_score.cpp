#include "policy/attention_score.h"

#include "policy/pooling.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

// CAKE's weight of the variance (arXiv 2503.12491).
constexpr float variance_weight = 200.0f;

size_t slots_of(const LayerCandidates & layer) {
    return static_cast<size_t>(layer.slots);
}

// For each head, the mean over the group of (L2 norm of the attention * norm of the projected
// value, if known).
std::vector<float> products_of_heads(const LayerCandidates & layer) {
    const size_t slots = slots_of(layer);
    const std::vector<float> & l2 = layer.attention.apart;
    const bool by_head = layer.value.size() == l2.size();
    const size_t group = l2.size() / std::max<size_t>(layer.token.size(), 1);
    std::vector<float> mean(layer.token.size(), 0.0f);
    for (size_t i = 0; i < l2.size(); i++) {
        const size_t head = i / slots;
        const float value = by_head ? layer.value[i] : 1.0f;
        mean[head / group * slots + i % slots] += l2[i] * value / static_cast<float>(group);
    }
    return mean;
}

} // namespace

void declare_carry(ParameterList & list, double & carry) {
    list.real("carry", carry, 0, 1,
              "What a survivor's earlier score still counts; 0 scores anew at each compression.");
}

void Attention::declare(ParameterList & list) {
    list.word<Aggregate>("aggregate", aggregate,
                         { { "mean", Aggregate::mean },
                           { "l2", Aggregate::l2 },
                           { "maximum", Aggregate::maximum },
                           { "variance", Aggregate::variance },
                           { "apart", Aggregate::apart } },
                         "How the observers' attention to a token becomes one number; `variance` "
                         "is CAKE's, `apart` meets the values query head by query head.");
    list.odd("pool", pool, 1, 63, "Over how many neighbouring tokens the attention is pooled.");
    list.word<bool>("pooling", pool_maximum, { { "average", false }, { "maximum", true } },
                    "Whether the neighbours' average or the largest of them counts.");
    declare_carry(list, carry);
}

std::vector<Statistic> statistics_of(Aggregate aggregate) {
    switch (aggregate) {
        case Aggregate::mean: break;
        case Aggregate::l2: return { Statistic::l2 };
        case Aggregate::maximum: return { Statistic::maximum };
        case Aggregate::variance: return { Statistic::sum, Statistic::l2 };
        case Aggregate::apart: return { Statistic::apart };
    }
    return { Statistic::sum };
}

LayerScore attention_score(const Attention & attention, const LayerCandidates & layer) {
    if (layer.attention.empty()) {
        return { layer.carried, layer.carried };
    }
    std::vector<float> evidence = pooled(aggregated(attention.aggregate, layer), layer,
                                         attention.pool, attention.pool_maximum);
    join_carried(attention.carry, layer, evidence);
    return { evidence, evidence };
}

std::vector<float> aggregated(Aggregate aggregate, const LayerCandidates & layer) {
    const AttentionStatistics & seen = layer.attention;
    const float rows = static_cast<float>(std::max(seen.rows, 1));
    switch (aggregate) {
        case Aggregate::l2: return seen.l2;
        case Aggregate::maximum: return seen.maximum;
        case Aggregate::apart: return products_of_heads(layer);
        case Aggregate::mean:
        case Aggregate::variance: break;
    }
    std::vector<float> evidence(seen.sum);
    for (size_t i = 0; i < evidence.size(); i++) {
        const float mean = evidence[i] / rows;
        evidence[i] = mean;
        if (aggregate == Aggregate::variance) {
            const float square = seen.l2[i] * seen.l2[i] / rows;
            evidence[i] += variance_weight * std::max(square - mean * mean, 0.0f);
        }
    }
    return evidence;
}

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

void join_carried(double carry, const LayerCandidates & layer, std::vector<float> & evidence) {
    for (size_t i = 0; i < evidence.size(); i++) {
        const float before = static_cast<float>(carry) * layer.carried[i];
        if (std::isfinite(before) && layer.carried[i] >= 0.0f) {
            // The comparison replaces NaN.
            evidence[i] = evidence[i] > before ? evidence[i] : before;
        }
    }
}

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

} // namespace loci
